namespace Ambient.Tls;

/// <summary>One piece of queued work, whatever its result.</summary>
internal abstract class HandshakeWork
{
    /// <summary>Never throws: the outcome goes to whoever awaits it.</summary>
    public abstract void Run();

    public abstract void Cancel();
}
