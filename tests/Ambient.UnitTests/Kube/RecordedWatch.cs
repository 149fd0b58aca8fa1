using System.Threading.Channels;
using Ambient.Kube.Client;
using Ambient.Kube.Watching;

namespace Ambient.UnitTests.Kube;

/// <summary>What an informer told its handler and its log, in order.</summary>
internal sealed class RecordedWatch : IInformerHandler<Thing>, IWatchEvents
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly Channel<string> _told = Channel.CreateUnbounded<string>();
    private readonly Channel<(KubernetesException Error, TimeSpan RetryIn)> _failures = Channel.CreateUnbounded<(KubernetesException, TimeSpan)>();

    /// <summary>The next thing told, such as <c>added a@1</c>.</summary>
    public async Task<string> NextAsync()
    {
        using var patience = new CancellationTokenSource(Patience);
        return await _told.Reader.ReadAsync(patience.Token);
    }

    public async Task<string[]> NextAsync(int count)
    {
        string[] told = new string[count];
        for (int index = 0; index < count; index++)
        {
            told[index] = await NextAsync();
        }

        return told;
    }

    public async Task<(KubernetesException Error, TimeSpan RetryIn)> FailureAsync()
    {
        using var patience = new CancellationTokenSource(Patience);
        return await _failures.Reader.ReadAsync(patience.Token);
    }

    public bool HasMore => _told.Reader.TryPeek(out _);

    public void Added(Thing current)
    {
        Tell($"added {Show(current)}");
        if (current.Metadata.Name == "poison")
        {
            throw new InvalidOperationException("cannot take poison");
        }
    }

    public void Updated(Thing previous, Thing current) => Tell($"updated {Show(previous)} {Show(current)}");

    public void Deleted(Thing last) => Tell($"deleted {Show(last)}");

    public void Synced() => Tell("synced");

    public void Listed(string resource, int objects) => Tell($"listed {resource} {objects}");

    public void Failed(string resource, KubernetesException error, TimeSpan retryIn) => _failures.Writer.TryWrite((error, retryIn));

    public void HandlerFailed(string resource, ObjectName name, Exception error) => Tell($"handler failed {resource} {name}: {error.Message}");

    private static string Show(Thing thing) => $"{thing.Metadata.Name}@{thing.Metadata.ResourceVersion}";

    private void Tell(string text) => _told.Writer.TryWrite(text);
}
