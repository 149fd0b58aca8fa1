using System.Text;

namespace Ambient.UnitTests.Cli;

/// <summary>Text with a few changes that a seed decides.</summary>
internal static class Mutation
{
    private const int MaxChanges = 6;
    private const int MaxPiece = 64;

    public static string Of(string original, Random random, IReadOnlyList<string> pieces)
    {
        List<byte> changed = [.. Encoding.UTF8.GetBytes(original)];
        for (int change = random.Next(1, MaxChanges); change > 0 && changed.Count > 2; change--)
        {
            int at = random.Next(changed.Count);
            switch (random.Next(4))
            {
                case 0:
                    changed[at] = (byte)random.Next(256);
                    break;
                case 1:
                    changed.RemoveRange(at, Math.Min(random.Next(1, MaxPiece), changed.Count - at));
                    break;
                case 2:
                    int from = random.Next(changed.Count);
                    changed.InsertRange(at, changed.GetRange(from, Math.Min(random.Next(1, MaxPiece), changed.Count - from)));
                    break;
                default:
                    changed.InsertRange(at, Encoding.UTF8.GetBytes(pieces[random.Next(pieces.Count)]));
                    break;
            }
        }

        return Encoding.UTF8.GetString([.. changed]);
    }
}
