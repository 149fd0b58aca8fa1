using System.Threading.Channels;
using Ambient.Xds;

namespace Ambient.InProcessTests.Xds;

internal sealed class RecordedXdsEvents : IXdsEvents
{
    private readonly Channel<(XdsStreamEnd End, string Detail, TimeSpan RetryIn)> _ends =
        Channel.CreateUnbounded<(XdsStreamEnd, string, TimeSpan)>();

    private readonly Channel<string> _rejections = Channel.CreateUnbounded<string>();
    private readonly Channel<string> _remarks = Channel.CreateUnbounded<string>();

    private long _updated;

    /// <summary>Resources that were received and applied, removals aside.</summary>
    public long UpdatedResources => Interlocked.Read(ref _updated);

    public async Task<(XdsStreamEnd End, string Detail, TimeSpan RetryIn)> NextEndAsync() =>
        await _ends.Reader.ReadAsync().AsTask().WaitAsync(TimeSpan.FromSeconds(30));

    public async Task<string> NextRejectionAsync() => await _rejections.Reader.ReadAsync().AsTask().WaitAsync(TimeSpan.FromSeconds(30));

    public async Task<string> NextRemarkAsync() => await _remarks.Reader.ReadAsync().AsTask().WaitAsync(TimeSpan.FromSeconds(30));

    public void Connected()
    {
    }

    public void Disconnected(XdsStreamEnd end, string detail, TimeSpan retryIn) => _ends.Writer.TryWrite((end, detail, retryIn));

    public void Received(string typeUrl, long payloadBytes)
    {
    }

    public void Applied(string typeUrl, int updated, int removed) => Interlocked.Add(ref _updated, updated);

    public void Rejected(string typeUrl, string detail) => _rejections.Writer.TryWrite(detail);

    public void Simplified(string typeUrl, string detail) => _remarks.Writer.TryWrite(detail);
}
