using System.Threading.Tasks.Sources;

namespace Ambient.Transport.Loops;

/// <summary>
/// Auto-reset event for one waiter on one loop. <see cref="Set"/> runs the waiter's continuation inline; with nobody waiting it
/// is remembered and completes the next wait at once. Not thread-safe: set and awaited on the same loop.
/// </summary>
public sealed class LoopSignal : IValueTaskSource
{
    private Action<object?>? _continuation;
    private object? _state;
    private short _version;
    private bool _isWaiting;
    private bool _isSet;

    internal bool IsWaiting => _isWaiting;

    public void Set()
    {
        if (_isWaiting)
        {
            Wake();
        }
        else
        {
            _isSet = true;
        }
    }

    /// <summary>Forgets a remembered <see cref="Set"/>.</summary>
    public void Clear() => _isSet = false;

    /// <exception cref="InvalidOperationException">Somebody waits already.</exception>
    public ValueTask WaitAsync()
    {
        if (_isSet)
        {
            _isSet = false;
            return default;
        }

        if (_isWaiting)
        {
            throw new InvalidOperationException("A loop signal has one waiter, and there is one already.");
        }

        _isWaiting = true;
        return new ValueTask(this, ++_version);
    }

    /// <summary>Completes the wait in progress, if any; unlike <see cref="Set"/> it is not remembered.</summary>
    internal void Wake()
    {
        if (!_isWaiting)
        {
            return;
        }

        _isWaiting = false;
        Action<object?>? continuation = _continuation;
        if (continuation is null)
        {
            return;
        }

        object? state = _state;
        _continuation = null;
        _state = null;
        Run(continuation, state);
    }

    ValueTaskSourceStatus IValueTaskSource.GetStatus(short token)
    {
        CheckToken(token);
        return _isWaiting ? ValueTaskSourceStatus.Pending : ValueTaskSourceStatus.Succeeded;
    }

    void IValueTaskSource.OnCompleted(Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags)
    {
        CheckToken(token);
        if (!_isWaiting)
        {
            Run(continuation, state);
            return;
        }

        _continuation = continuation;
        _state = state;
    }

    void IValueTaskSource.GetResult(short token)
    {
        CheckToken(token);
        if (_isWaiting)
        {
            throw new InvalidOperationException("The signal is not set yet.");
        }
    }

    /// <summary>Inline on the current loop, within its bound of depth; directly where there is no loop.</summary>
    internal static void Run(Action<object?> continuation, object? state)
    {
        EventLoop? loop = EventLoop.Current;
        if (loop is null)
        {
            continuation(state);
        }
        else
        {
            loop.RunInline(continuation, state);
        }
    }

    private void CheckToken(short token)
    {
        if (token != _version)
        {
            throw new InvalidOperationException("The wait was awaited twice, or after a later one began.");
        }
    }
}
