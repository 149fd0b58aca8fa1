namespace Ambient.ApiServer.Faults;

/// <summary>What ends the watches that are running.</summary>
internal sealed class WatchFault : IDisposable
{
    private readonly CancellationTokenSource _end = new();

    /// <summary>Cancelled when the watches end.</summary>
    public CancellationToken Cancellation => _end.Token;

    /// <summary>What they are told at their end; null: the connection breaks.</summary>
    public ApiException? Error { get; private set; }

    public void End(ApiException? error)
    {
        Error = error;
        _end.Cancel();
    }

    public void Dispose() => _end.Dispose();
}
