using System.Threading.Tasks.Sources;

namespace Ambient.Transport.Loops;

/// <summary>
/// Continuations put back to the end of the turn. As a value task source it serves every waiter at once, because a yield is
/// always pending and has no result: no state of a wait is kept here.
/// </summary>
internal sealed class ReadyQueue : IValueTaskSource
{
    private List<LoopCallback> _waiting = [];
    private List<LoopCallback> _running = [];

    internal bool IsEmpty => _waiting.Count == 0;

    internal void Add(Action<object?> continuation, object? state) => _waiting.Add(new LoopCallback(continuation, state));

    /// <summary>Everything queued so far; what queues again meanwhile goes to the next turn. Valid until the next call.</summary>
    internal List<LoopCallback> TakeAll()
    {
        _running.Clear();
        (_waiting, _running) = (_running, _waiting);
        return _running;
    }

    ValueTaskSourceStatus IValueTaskSource.GetStatus(short token) => ValueTaskSourceStatus.Pending;

    void IValueTaskSource.OnCompleted(Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
        Add(continuation, state);

    void IValueTaskSource.GetResult(short token)
    {
    }
}
