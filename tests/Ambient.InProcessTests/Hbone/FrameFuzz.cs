using Ambient.Testing.Http2;

namespace Ambient.InProcessTests.Hbone;

/// <summary>Conversations of mostly valid frames with a few bytes, lengths or orders changed; the seed decides everything.</summary>
internal static class FrameFuzz
{
    private const int MaxFrames = 40;

    public static byte[] Conversation(Random random, bool isClient)
    {
        List<byte[]> frames = [];
        int count = random.Next(1, MaxFrames);
        for (int i = 0; i < count; i++)
        {
            frames.Add(Frame(random, isClient));
        }

        Mutate(random, frames);
        return [.. frames.SelectMany(frame => frame)];
    }

    private static byte[] Frame(Random random, bool isClient)
    {
        int stream = 1 + (2 * random.Next(4));
        return random.Next(12) switch
        {
            0 or 1 => isClient ? FrameBytes.Connect(stream) : FrameBytes.Response(stream),
            2 or 3 => FrameBytes.Data(stream, random.Next(2_000), random.Next(2)),
            4 => FrameBytes.PaddedData(stream, random.Next(100), random.Next(255), random.Next(2)),
            5 => FrameBytes.WindowUpdate(random.Next(2) * stream, random.Next(1, 100_000)),
            6 => FrameBytes.Reset(stream, random.Next(14)),
            7 => FrameBytes.Ping(random.NextInt64(), random.Next(2)),
            8 => FrameBytes.Settings((random.Next(1, 9), (uint)random.Next(1 << 20))),
            9 => FrameBytes.GoAway(random.Next(10), random.Next(14)),
            10 => FrameBytes.Headers(stream, Random(random, random.Next(60)), random.Next(256)),
            _ => FrameBytes.Frame(random.Next(16), random.Next(256), random.Next(8), Random(random, random.Next(300))),
        };
    }

    private static void Mutate(Random random, List<byte[]> frames)
    {
        for (int changes = random.Next(3); changes > 0; changes--)
        {
            int index = random.Next(frames.Count);
            byte[] frame = frames[index];
            switch (random.Next(4))
            {
                case 0:
                    frame[random.Next(frame.Length)] ^= (byte)(1 << random.Next(8));
                    break;
                case 1:
                    frames[index] = frame[..random.Next(frame.Length)];
                    break;
                case 2:
                    frames.Insert(index, frame);
                    break;
                default:
                    (frames[index], frames[^1]) = (frames[^1], frames[index]);
                    break;
            }
        }
    }

    private static byte[] Random(Random random, int length)
    {
        byte[] bytes = new byte[length];
        random.NextBytes(bytes);
        return bytes;
    }
}
