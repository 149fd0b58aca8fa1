using System.Threading.Channels;
using Ambient.Kube.Client;
using Ambient.Kube.Resources.Core;
using Ambient.Kube.Watching;

namespace Ambient.InProcessTests.ApiServer;

/// <summary>What an informer told, in order.</summary>
internal sealed class RecordedPods : IInformerHandler<Pod>, IWatchEvents
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly Channel<string> _told = Channel.CreateUnbounded<string>();
    private readonly Channel<KubernetesException> _failures = Channel.CreateUnbounded<KubernetesException>();

    public async Task<string> NextAsync()
    {
        using CancellationTokenSource patience = new(Patience);
        return await _told.Reader.ReadAsync(patience.Token);
    }

    public async Task<KubernetesException> FailureAsync()
    {
        using CancellationTokenSource patience = new(Patience);
        return await _failures.Reader.ReadAsync(patience.Token);
    }

    public void Added(Pod current) => _told.Writer.TryWrite($"added {current.Metadata.Name}");

    public void Updated(Pod previous, Pod current) => _told.Writer.TryWrite($"updated {current.Metadata.Name}");

    public void Deleted(Pod last) => _told.Writer.TryWrite($"deleted {last.Metadata.Name}");

    public void Synced() => _told.Writer.TryWrite("synced");

    public void Listed(string resource, int objects) => _told.Writer.TryWrite($"listed {objects}");

    public void Failed(string resource, KubernetesException error, TimeSpan retryIn) => _failures.Writer.TryWrite(error);

    public void HandlerFailed(string resource, ObjectName name, Exception error) => _told.Writer.TryWrite($"handler failed: {error.Message}");
}
