using System.Globalization;

namespace Ambient.UnitTests.Tls;

/// <summary>How long the mutation tests run: AMBIENT_FUZZ_ROUNDS multiplies their rounds; the first rounds stay the same.</summary>
internal static class FuzzRounds
{
    private static readonly int Factor = int.Parse(
        Environment.GetEnvironmentVariable("AMBIENT_FUZZ_ROUNDS") ?? "1", NumberStyles.None, CultureInfo.InvariantCulture);

    public static int Scale(int rounds) => checked(rounds * Math.Max(1, Factor));
}
