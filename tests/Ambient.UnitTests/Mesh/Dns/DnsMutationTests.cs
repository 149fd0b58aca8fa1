using Ambient.Mesh.Dns;
using Ambient.Testing;

namespace Ambient.UnitTests.Mesh.Dns;

/// <summary>Valid messages with bytes changed, cut, doubled and moved at random; AMBIENT_FUZZ_ROUNDS multiplies the inputs.</summary>
public sealed class DnsMutationTests
{
    private const int Inputs = 200_000;

    /// <summary>Of one input: what may be expanded, as objects.</summary>
    private const long MostBytesPerInput = 2_000_000;

    [Fact]
    public void Changed_messages_never_break_the_reader()
    {
        Random random = new(8);
        byte[][] seeds = [DnsBytes.Rich, .. Enumerable.Range(0, 20).Select(seed => DnsBytes.Write(RandomMessage.Make(new Random(seed))))];
        byte[] buffer = new byte[4096];
        for (int input = 0; input < FuzzRounds.Scale(Inputs); input++)
        {
            byte[] bytes = Mutate(seeds[random.Next(seeds.Length)], random);
            long before = GC.GetAllocatedBytesForCurrentThread();
            try
            {
                Check(bytes, buffer);
            }
            catch (Exception error)
            {
                throw new InvalidOperationException($"input {input}: {Convert.ToHexString(bytes)}", error);
            }

            long allocated = GC.GetAllocatedBytesForCurrentThread() - before;
            Assert.True(allocated < MostBytesPerInput, $"input {input} took {allocated} bytes: {Convert.ToHexString(bytes)}");
        }
    }

    /// <summary>What reads is written and read again, the same; what does not is answered or dropped.</summary>
    private static void Check(byte[] bytes, byte[] buffer)
    {
        DnsRequest request = DnsRequest.Read(bytes);
        Assert.False(request is { Query: not null, Refusal: not null });
        if (request.Refusal is { } refusal)
        {
            Assert.True(DnsBytes.Read(buffer.AsSpan(0, DnsMessageWriter.Write(refusal, buffer))).Header.IsResponse);
        }

        if (!DnsMessageReader.TryRead(bytes, out DnsMessage? message))
        {
            Assert.Null(request.Query);
            return;
        }

        _ = message.Question?.Name.ToHostname();
        DnsMessage again = DnsBytes.Read(DnsBytes.Write(message, Math.Max(512, DnsMessageWriter.MostBytes(message))));
        DnsMessageWriterTests.AssertSame(message, again);
        DnsBytes.Read(DnsBytes.Write(message, 512));
    }

    private static byte[] Mutate(byte[] seed, Random random)
    {
        List<byte> bytes = [.. seed];
        for (int change = random.Next(1, 6); change > 0; change--)
        {
            int at = random.Next(bytes.Count);
            switch (random.Next(6))
            {
                case 0:
                    bytes[at] ^= (byte)(1 << random.Next(8));
                    break;
                case 1:
                    bytes[at] = (byte)random.Next(256);
                    break;
                case 2:
                    bytes[at] = 0xC0;
                    break;
                case 3 when bytes.Count > 1:
                    bytes.RemoveRange(at, random.Next(1, bytes.Count - at + 1) % bytes.Count);
                    break;
                case 4:
                    bytes.InsertRange(at, bytes.GetRange(at, random.Next(bytes.Count - at)));
                    break;
                default:
                    bytes.Insert(at, (byte)random.Next(256));
                    break;
            }

            if (bytes.Count == 0)
            {
                break;
            }
        }

        return [.. bytes];
    }
}
