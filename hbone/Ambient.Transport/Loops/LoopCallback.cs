namespace Ambient.Transport.Loops;

/// <summary>A callback with its state. The callback is an <see cref="Action{T}"/> or a <see cref="SendOrPostCallback"/>, held as it came to save a wrapper.</summary>
internal readonly record struct LoopCallback(Delegate Callback, object? State)
{
    internal void Invoke()
    {
        if (Callback is Action<object?> action)
        {
            action(State);
        }
        else
        {
            ((SendOrPostCallback)Callback)(State);
        }
    }
}
