using System.Globalization;

namespace Ambient.Testing;

/// <summary>How long the fuzz tests run: AMBIENT_FUZZ_ROUNDS multiplies their rounds; the first rounds stay the same.</summary>
public static class FuzzRounds
{
    private static readonly int Factor = int.Parse(
        Environment.GetEnvironmentVariable("AMBIENT_FUZZ_ROUNDS") ?? "1", NumberStyles.None, CultureInfo.InvariantCulture);

    public static int Scale(int rounds) => checked(rounds * Math.Max(1, Factor));
}
