namespace Ambient.UnitTests.Ztunnel.Configuration;

/// <summary>Feeds a parser texts that are nearly right, the same ones in every run.</summary>
internal static class Mutations
{
    private const string Alphabet = "0123456789smhdu%,=:./-+ m\0\u0661\uD800\"\\[]{}";

    public static void Of(string text, int count, Action<string> check)
    {
        var random = new Random(20260301);
        for (int round = 0; round < count; round++)
        {
            List<char> characters = [.. text];
            for (int change = random.Next(1, 6); change > 0; change--)
            {
                int at = random.Next(characters.Count + 1);
                switch (random.Next(4))
                {
                    case 0:
                        characters.Insert(at, Alphabet[random.Next(Alphabet.Length)]);
                        break;
                    case 1 when at < characters.Count:
                        characters.RemoveAt(at);
                        break;
                    case 2 when at < characters.Count:
                        characters[at] = Alphabet[random.Next(Alphabet.Length)];
                        break;
                    default:
                        characters.InsertRange(at, characters.Take(random.Next(characters.Count + 1)).ToArray());
                        break;
                }
            }

            check(new string([.. characters]));
        }
    }
}
