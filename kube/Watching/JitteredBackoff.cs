namespace Ambient.Kube.Watching;

/// <summary>
/// How long to wait before the API server is asked again: 0.8 s, doubled with every failure up to 30 s, each drawn between itself and its
/// double so that clients which lost the server together do not come back together.
/// </summary>
/// <param name="random">The draw; a seeded one in tests.</param>
internal sealed class JitteredBackoff(Random random)
{
    public static readonly TimeSpan First = TimeSpan.FromMilliseconds(800);
    public static readonly TimeSpan Longest = TimeSpan.FromSeconds(30);

    private TimeSpan _current = First;

    public TimeSpan Next()
    {
        TimeSpan drawn = _current * (1 + random.NextDouble());
        _current = _current * 2 < Longest ? _current * 2 : Longest;
        return drawn < Longest ? drawn : Longest * (1 - (random.NextDouble() / 2));
    }

    /// <summary>The server did what it was asked: the next failure is the first again.</summary>
    public void Reset() => _current = First;
}
