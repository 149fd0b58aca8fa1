using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Threading.Channels;
using Ambient.InProcessTests.Grpc;
using Ambient.Testing.Certificates;
using Ambient.Testing.Grpc;
using Ambient.Testing.Xds;
using Ambient.Xds;
using Ambient.Xds.Messages;

namespace Ambient.InProcessTests.Flows;

/// <summary>
/// A control plane for proxies that ask on demand: it pushes the pod's own workload, answers questions, and can be silent about some. A request
/// that changes no subscription is not answered.
/// </summary>
internal sealed class OnDemandPlane : IAsyncDisposable
{
    private readonly TestAuthority _root = TestAuthority.CreateRoot("CN=control plane");
    private readonly ConcurrentDictionary<string, Address[]> _known = new();
    private readonly ConcurrentDictionary<string, bool> _silent = new();
    private readonly ConcurrentQueue<string> _asked = new();
    private readonly Channel<string> _unanswered = Channel.CreateUnbounded<string>();
    private readonly WorkloadMessage _local;
    private ScriptedControlPlane _plane = null!;
    private Task _serving = Task.CompletedTask;

    private OnDemandPlane(WorkloadMessage local) => _local = local;

    public string Address => $"https://localhost:{_plane.Address.Port}";

    public string Roots => PemEncoding.WriteString("CERTIFICATE", _root.RootDer);

    /// <summary>Every name that was asked for, in order.</summary>
    public IEnumerable<string> Asked => _asked;

    public static async Task<OnDemandPlane> StartAsync(WorkloadMessage local)
    {
        OnDemandPlane plane = new(local);
        plane._plane = await ScriptedControlPlane.StartAsync(new GrpcTestServerOptions { Certificate = GrpcRig.ServerCertificate(plane._root, "localhost") });
        plane._serving = plane.ServeAsync();
        return plane;
    }

    /// <summary>The first address answers the question, the others come with it, as the endpoints of a service do.</summary>
    public void Knows(string name, params Address[] answer) => _known[name] = answer;

    public void SaysNothingAbout(string name) => _silent[name] = true;

    /// <summary>Completes when the name was asked for and left without an answer.</summary>
    public async Task WaitUnansweredAsync(string name) =>
        Assert.Equal(name, await _unanswered.Reader.ReadAsync().AsTask().WaitAsync(TimeSpan.FromSeconds(20)));

    public async ValueTask DisposeAsync()
    {
        _plane.AbortConnections();
        await _serving.WaitAsync(TimeSpan.FromSeconds(20));
        await _plane.DisposeAsync();
        _root.Dispose();
    }

    private async Task ServeAsync()
    {
        ScriptedStream stream = await _plane.AcceptAsync();
        await stream.ReadSubscriptionsAsync();
        await stream.SendAsync(XdsTypes.Address, [ScriptedStream.Workload(_local)]);
        await stream.SendAsync(XdsTypes.Authorization, []);
        HashSet<string> subscribed = [];
        while (await NextAsync(stream) is { } request)
        {
            foreach (string name in request.ResourceNamesSubscribe.Where(subscribed.Add))
            {
                await AnswerAsync(stream, name);
            }

            subscribed.ExceptWith(request.ResourceNamesUnsubscribe);
        }
    }

    /// <summary>Null when the proxy is gone.</summary>
    private static async Task<DeltaDiscoveryRequest?> NextAsync(ScriptedStream stream)
    {
        try
        {
            return await stream.Call.ReadAsync(DeltaDiscoveryRequest.Parser);
        }
        catch (Exception gone) when (gone is IOException or OperationCanceledException)
        {
            return null;
        }
    }

    private async Task AnswerAsync(ScriptedStream stream, string name)
    {
        _asked.Enqueue(name);
        if (_silent.ContainsKey(name))
        {
            _unanswered.Writer.TryWrite(name);
        }
        else if (_known.TryGetValue(name, out Address[]? answer))
        {
            await stream.SendAsync(
                XdsTypes.Address, answer.Select((address, index) => ScriptedStream.AddressResource(address, index == 0 ? name : $"{name}#{index}")));
        }
        else
        {
            await stream.SendAsync(XdsTypes.Address, [], name);
        }
    }
}
