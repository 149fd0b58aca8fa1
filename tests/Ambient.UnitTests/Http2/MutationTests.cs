using Ambient.Testing;
using Ambient.Hbone.Http2;
using Ambient.Testing.Http2;

namespace Ambient.UnitTests.Http2;

/// <summary>
/// Valid conversations with bytes and frames changed at random: nothing throws, hangs or takes memory out of proportion, and the
/// connection's own promises hold. AMBIENT_FUZZ_ROUNDS multiplies the rounds and moves the seeds on.
/// </summary>
public sealed class MutationTests
{
    private const int InputsPerRole = 500_000;
    private const int MostBytesPerInput = 600_000;
    private const int ComparedWithAnotherCut = 64;

    private static readonly Http2Headers Request = Http2Headers.ForConnect("10.0.0.1:80");

    private static readonly int Rounds = FuzzRounds.Scale(1);

    [Theory]
    [InlineData(Http2Role.Server)]
    [InlineData(Http2Role.Client)]
    public void A_mutated_conversation_never_breaks_the_connection(Http2Role role)
    {
        byte[][] parts = role == Http2Role.Server ? Conversations.ToServer : Conversations.ToClient;
        for (int round = 0; round < Rounds; round++)
        {
            Random random = new((round * 2) + (int)role);
            byte[] input = new byte[8_192];
            for (int i = 0; i < InputsPerRole; i++)
            {
                int length = Mutate(parts, random, input);
                ReadOnlySpan<byte> bytes = input.AsSpan(0, length);
                try
                {
                    CheckOne(role, bytes);
                    if (i % ComparedWithAnotherCut == 0)
                    {
                        CompareCuts(role, bytes.ToArray(), random);
                    }
                }
                catch (Exception failure)
                {
                    throw new InvalidOperationException($"round {round}, input {i}: {Convert.ToHexString(bytes)}", failure);
                }
            }
        }
    }

    private static unsafe void CheckOne(Http2Role role, ReadOnlySpan<byte> bytes)
    {
        long before = GC.GetAllocatedBytesForCurrentThread();
        CountingEvents events = new();
        Http2Connection connection = new(role, role == Http2Role.Server ? Http2Options.ForServer : Http2Options.ForClient, events);
        connection.Start();
        for (int i = 0; role == Http2Role.Client && i < 5; i++)
        {
            connection.OpenStream(Request);
        }

        fixed (byte* start = bytes)
        {
            connection.Receive(start, bytes.Length);
        }

        Assert.InRange(connection.ActiveStreams, 0, 200);
        Assert.InRange(events.Bytes, 0, bytes.Length);
        Assert.InRange(connection.Output.Length, 1, 70_000);
        for (int streamId = 1; streamId < 12; streamId += 2)
        {
            Assert.InRange(connection.SendCredit(streamId), 0, int.MaxValue);
            connection.Reset(streamId, Http2Error.Cancel);
        }

        connection.Output.Clear();
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, MostBytesPerInput);
    }

    private static void CompareCuts(Http2Role role, byte[] bytes, Random random)
    {
        int cut = random.Next(bytes.Length + 1);
        var whole = SplitTests.Run(role, [bytes]);
        var parts = SplitTests.Run(role, [bytes[..cut], bytes[cut..]]);
        Assert.Equal(whole.Log, parts.Log);
        Assert.Equal(whole.Output, parts.Output);
    }

    /// <summary>Drops, repeats, exchanges and inserts parts, then changes bytes; spares the preface, behind which everything happens.</summary>
    private static int Mutate(byte[][] parts, Random random, byte[] input)
    {
        int length = 0;
        int spared = parts[0].Length;
        for (int i = 0; i < parts.Length; i++)
        {
            int choice = i == 0 ? 99 : random.Next(40);
            byte[] part = choice == 0 ? parts[1 + random.Next(parts.Length - 1)] : parts[i];
            int copies = choice switch { 1 => 0, 2 => 2, _ => 1 };
            for (int copy = 0; copy < copies; copy++)
            {
                part.CopyTo(input, length);
                length += part.Length;
            }
        }

        int changes = random.Next(4);
        for (int i = 0; i < changes; i++)
        {
            int at = random.Next(8) == 0 ? random.Next(length) : spared + random.Next(length - spared);
            input[at] = random.Next(3) switch
            {
                0 => (byte)random.Next(256),
                1 => (byte)(input[at] ^ (1 << random.Next(8))),
                _ => (byte)(random.Next(2) == 0 ? 0 : 255),
            };
        }

        return random.Next(16) == 0 ? random.Next(length) : length;
    }
}
