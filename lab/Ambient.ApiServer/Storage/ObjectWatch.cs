using System.Threading.Channels;

namespace Ambient.ApiServer.Storage;

/// <summary>The changes of one kind, from a version on. It must be disposed.</summary>
/// <param name="missed">Changes made between that version and the start of the watch.</param>
/// <param name="changes">Changes as they are made; it ends when its reader is too slow, or the server wants it.</param>
/// <param name="end">Takes the watch back.</param>
public sealed class ObjectWatch(IReadOnlyList<StorageEvent> missed, ChannelReader<StorageEvent> changes, Action end) : IDisposable
{
    private Action? _end = end;

    public IReadOnlyList<StorageEvent> Missed { get; } = missed;

    public ChannelReader<StorageEvent> Changes { get; } = changes;

    public void Dispose() => Interlocked.Exchange(ref _end, null)?.Invoke();
}
