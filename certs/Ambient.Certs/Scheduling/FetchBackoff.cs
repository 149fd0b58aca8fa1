namespace Ambient.Certs.Scheduling;

/// <summary>Delays after failed fetches: about 1 s, doubling to 150 s, each ±20 % so that nodes do not come in step (node-proxy 5.5).</summary>
internal sealed class FetchBackoff(Func<double> random)
{
    public static readonly TimeSpan First = TimeSpan.FromSeconds(1);
    public static readonly TimeSpan Longest = TimeSpan.FromSeconds(150);
    public const double Spread = 0.2;

    private TimeSpan _interval = First;

    public TimeSpan Next()
    {
        TimeSpan delay = _interval * (1 - Spread + (2 * Spread * random()));
        _interval = _interval * 2 < Longest ? _interval * 2 : Longest;
        return delay < Longest ? delay : Longest;
    }

    public void Reset() => _interval = First;
}
