namespace Ambient.ApiServer.Faults;

/// <summary>Which requests go wrong, how and how often.</summary>
/// <param name="fault">How.</param>
/// <param name="path">Requests whose path contains it; "" for all.</param>
/// <param name="count">How many of them; 0 for all.</param>
/// <param name="delay">How late the answer comes, for <see cref="Fault.Slow"/>.</param>
public sealed class FaultRule(Fault fault, string path = "", int count = 0, TimeSpan delay = default)
{
    private int _left = count;

    public Fault Fault { get; } = fault;

    public TimeSpan Delay { get; } = delay;

    /// <summary>Requests with this method alone; "" for all.</summary>
    public string Method { get; init; } = "";

    internal bool IsFor(string method, string requested) =>
        requested.Contains(path, StringComparison.Ordinal) && (Method.Length == 0 || Method == method);

    /// <returns>Whether it is used up.</returns>
    internal bool Use() => _left > 0 && --_left == 0;
}
