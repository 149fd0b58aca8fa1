namespace Ambient.UnitTests.Tls;

/// <summary>Changes bytes as a hostile or broken peer might.</summary>
internal static class Mutation
{
    private const int Kinds = 7;

    public static byte[] Apply(ReadOnlySpan<byte> original, Random random)
    {
        byte[] bytes = original.ToArray();
        int edits = 1 + random.Next(3);
        for (int i = 0; i < edits && bytes.Length > 0; i++)
        {
            bytes = ApplyOne(bytes, random);
        }

        return bytes;
    }

    private static byte[] ApplyOne(byte[] bytes, Random random)
    {
        int at = random.Next(bytes.Length);
        switch (random.Next(Kinds))
        {
            case 0:
                bytes[at] ^= (byte)(1 << random.Next(8));
                return bytes;
            case 1:
                bytes[at] = (byte)random.Next(256);
                return bytes;
            case 2:
                return bytes[..at];
            case 3:
                return [.. bytes[..at], .. bytes[Math.Min(bytes.Length, at + 1 + random.Next(16))..]];
            case 4:
                byte[] inserted = new byte[1 + random.Next(16)];
                random.NextBytes(inserted);
                return [.. bytes[..at], .. inserted, .. bytes[at..]];
            case 5:
                bytes.AsSpan(at, random.Next(1, Math.Min(16, bytes.Length - at) + 1)).Fill((byte)(random.Next(2) * 0xFF));
                return bytes;
            default:
                int length = random.Next(1, Math.Min(64, bytes.Length - at) + 1);
                return [.. bytes[..at], .. bytes[at..(at + length)], .. bytes[at..]];
        }
    }
}
