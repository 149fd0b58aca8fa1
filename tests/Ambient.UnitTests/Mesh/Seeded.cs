using FsCheck;

namespace Ambient.UnitTests.Mesh;

/// <summary>Property tests run with a fixed seed, so that a failure repeats.</summary>
internal static class Seeded
{
    public static Config Config { get; } =
        FsCheck.Config.QuickThrowOnFailure.WithReplay(0x5EED, 0x9E3779B97F4A7C15).WithMaxTest(500);
}
