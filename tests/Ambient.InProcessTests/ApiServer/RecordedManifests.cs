using System.Threading.Channels;
using Ambient.ApiServer.Manifests;

namespace Ambient.InProcessTests.ApiServer;

/// <summary>What a folder of manifests told, in order.</summary>
internal sealed class RecordedManifests : IManifestEvents
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly Channel<string> _loaded = Channel.CreateUnbounded<string>();
    private readonly Channel<string> _failed = Channel.CreateUnbounded<string>();

    public Task<string> LoadedAsync() => NextAsync(_loaded);

    public Task<string> FailedAsync() => NextAsync(_failed);

    void IManifestEvents.Loaded(int objects, int applied, int removed) => _loaded.Writer.TryWrite($"{objects} objects, {applied} applied, {removed} removed");

    void IManifestEvents.Failed(string message) => _failed.Writer.TryWrite(message);

    private static async Task<string> NextAsync(Channel<string> told)
    {
        using CancellationTokenSource patience = new(Patience);
        return await told.Reader.ReadAsync(patience.Token);
    }
}
