namespace Ambient.Transport.Loops;

/// <summary>Brings code that awaited an ordinary task on a loop back to that loop.</summary>
internal sealed class LoopSynchronizationContext(EventLoop loop) : SynchronizationContext
{
    public override void Post(SendOrPostCallback d, object? state) => loop.Post(new LoopCallback(d, state));

    public override void Send(SendOrPostCallback d, object? state)
    {
        if (!loop.IsCurrent)
        {
            throw new NotSupportedException("Waiting for a loop from another thread could deadlock; post instead.");
        }

        d(state);
    }

    public override SynchronizationContext CreateCopy() => this;
}
