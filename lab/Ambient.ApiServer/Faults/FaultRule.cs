namespace Ambient.ApiServer.Faults;

/// <summary>Which requests go wrong, how and how often.</summary>
/// <param name="fault">How.</param>
/// <param name="path">Requests whose path and query contain it; "" for all.</param>
/// <param name="count">How many of them; 0 for all.</param>
/// <param name="delay">How late the answer comes, for <see cref="Fault.Slow"/>.</param>
public sealed class FaultRule(Fault fault, string path = "", int count = 0, TimeSpan delay = default)
{
    public Fault Fault { get; } = fault;

    public string Path { get; } = path;

    public TimeSpan Delay { get; } = delay;

    /// <summary>Requests with this method alone; "" for all.</summary>
    public string Method { get; init; } = "";

    /// <summary>How many requests more it is for; 0 for all.</summary>
    public int Left { get; private set; } = count;

    internal bool IsFor(string method, string requested) =>
        requested.Contains(Path, StringComparison.Ordinal) && (Method.Length == 0 || Method == method);

    /// <returns>Whether it is used up.</returns>
    internal bool Use() => Left > 0 && --Left == 0;
}
