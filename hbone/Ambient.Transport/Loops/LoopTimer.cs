namespace Ambient.Transport.Loops;

/// <summary>A one-shot timer of a loop; a node of the wheel's list, so that cancelling costs no search.</summary>
public sealed class LoopTimer
{
    private readonly TimerWheel _wheel;
    private Action<object?>? _callback;
    private object? _state;

    internal LoopTimer(TimerWheel wheel, Action<object?> callback, object? state)
    {
        _wheel = wheel;
        _callback = callback;
        _state = state;
    }

    /// <summary>Neither fired nor cancelled yet.</summary>
    public bool IsPending => Slot >= 0;

    internal LoopTimer? Previous { get; set; }

    internal LoopTimer? Next { get; set; }

    internal long Due { get; set; }

    /// <summary>Index of the list that holds this timer; -1 when none does.</summary>
    internal int Slot { get; set; } = -1;

    /// <summary>Loop thread. Afterwards the callback does not run; without effect once it has.</summary>
    public void Cancel()
    {
        if (Slot >= 0)
        {
            _wheel.Remove(this);
            Release();
        }
    }

    internal void Fire()
    {
        Action<object?> callback = _callback!;
        object? state = _state;
        Release();
        callback(state);
    }

    /// <summary>A timer field kept by a long-lived connection must not keep what it would have called.</summary>
    private void Release()
    {
        _callback = null;
        _state = null;
    }
}
