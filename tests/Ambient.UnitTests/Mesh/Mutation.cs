using System.Text;

namespace Ambient.UnitTests.Mesh;

/// <summary>Seeded damage to text: inserts, removes, replaces, doubles or cuts, one to four times.</summary>
internal static class Mutation
{
    public static string Of(string text, Random random, string alphabet)
    {
        StringBuilder mutated = new(text);
        for (int change = random.Next(1, 5); change > 0 && mutated.Length > 0; change--)
        {
            int at = random.Next(mutated.Length);
            char character = random.Next(4) == 0 ? (char)random.Next(0x20, 0x7f) : alphabet[random.Next(alphabet.Length)];
            switch (random.Next(5))
            {
                case 0:
                    mutated.Insert(at, character);
                    break;
                case 1:
                    mutated.Remove(at, 1);
                    break;
                case 2:
                    mutated[at] = character;
                    break;
                case 3:
                    int length = Math.Min(random.Next(1, 16), mutated.Length - at);
                    mutated.Insert(random.Next(mutated.Length), mutated.ToString(at, length));
                    break;
                default:
                    mutated.Remove(at, Math.Min(random.Next(1, 16), mutated.Length - at));
                    break;
            }
        }

        return mutated.ToString();
    }
}
