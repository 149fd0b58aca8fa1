namespace Ambient.UnitTests.Kube;

/// <summary>Damages bytes as a broken peer would: flips, cuts, doubles, swaps for what means something.</summary>
internal static class Mutation
{
    private static readonly byte[] Meaningful = "{}[]\",:\\\n 0-n\0\xff&*!|>#"u8.ToArray();

    public static byte[] Of(byte[] good, Random random)
    {
        List<byte> bytes = [.. good];
        for (int times = random.Next(1, 4); times > 0 && bytes.Count > 1; times--)
        {
            int at = random.Next(bytes.Count);
            int length = random.Next(1, Math.Min(20, bytes.Count - at) + 1);
            switch (random.Next(5))
            {
                case 0:
                    bytes[at] = (byte)random.Next(256);
                    break;
                case 1:
                    bytes[at] = Meaningful[random.Next(Meaningful.Length)];
                    break;
                case 2:
                    bytes.RemoveRange(at, length);
                    break;
                case 3:
                    bytes.InsertRange(at, bytes.GetRange(at, length));
                    break;
                default:
                    bytes.RemoveRange(at, bytes.Count - at);
                    break;
            }
        }

        return [.. bytes];
    }
}
