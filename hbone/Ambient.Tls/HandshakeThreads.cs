namespace Ambient.Tls;

/// <summary>
/// A small set of threads for handshakes, so that a storm of them takes a bounded share of the cores and established tunnels go on.
/// </summary>
public sealed class HandshakeThreads : IDisposable
{
    /// <param name="threads">null: half of the cores, at least one.</param>
    /// <param name="maxQueued">Work waiting for a thread beyond which more is refused.</param>
    public HandshakeThreads(int? threads = null, int maxQueued = 4096)
    {
    }

    /// <summary>
    /// Advances a handshake on one of the threads. The buffers must stay untouched until the task completes. When too much is
    /// queued, or the threads are disposed, the handshake fails with <see cref="TlsFailureReason.Overloaded"/>.
    /// </summary>
    public ValueTask<TlsHandshakeStatus> AdvanceAsync(
        TlsHandshake handshake, ReadOnlyMemory<byte> received, System.Buffers.IBufferWriter<byte> toSend) => throw new NotSupportedException();

    /// <summary>Runs other CPU-heavy work of a handshake. An await returns to the caller's SynchronizationContext.</summary>
    /// <exception cref="InvalidOperationException">The queue is full or the threads are disposed.</exception>
    public ValueTask<T> RunAsync<T>(Func<T> work) => throw new NotSupportedException();

    public void Dispose()
    {
    }
}
