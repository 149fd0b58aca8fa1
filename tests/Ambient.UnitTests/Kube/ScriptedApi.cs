using System.Threading.Channels;
using Ambient.Kube.Client;
using Ambient.Kube.Configuration;

namespace Ambient.UnitTests.Kube;

/// <summary>An API server whose answers the test gives one by one: every request waits until it is taken and answered.</summary>
internal sealed class ScriptedApi : HttpMessageHandler
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly Channel<ScriptedCall> _calls = Channel.CreateUnbounded<ScriptedCall>();

    public static Uri Address { get; } = new("https://api.test:6443");

    public KubernetesClient Client(TimeProvider time, KubernetesClientOptions? options = null, IClientCredentials? credentials = null) => new(
        new KubernetesConfiguration(Address) { Credentials = credentials ?? FixedCredentials.None }, options ?? new KubernetesClientOptions(), time, this);

    /// <summary>The next request; fails the test when none comes.</summary>
    public async Task<ScriptedCall> TakeAsync()
    {
        using var patience = new CancellationTokenSource(Patience);
        return await _calls.Reader.ReadAsync(patience.Token);
    }

    /// <summary>Whether a request waits to be taken.</summary>
    public bool HasCall => _calls.Reader.TryPeek(out _);

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        string body = request.Content is null ? "" : await request.Content.ReadAsStringAsync(cancellationToken);
        var call = new ScriptedCall(request, body);
        _calls.Writer.TryWrite(call);
        return await call.AnswerAsync(cancellationToken);
    }
}
