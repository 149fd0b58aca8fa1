using System.Net;
using Ambient.InProcessTests.Ztunnel;
using Ambient.Testing.Certs;
using Ambient.Testing.Flows;
using Ambient.Xds.Messages;
using Google.Protobuf;

namespace Ambient.InProcessTests.Flows;

/// <summary>A node that learns the mesh by asking (XDS_ON_DEMAND, node-proxy 3.3): host 1 is the node, 2 the server, 3 a waypoint or gateway.</summary>
public sealed class OnDemandTests : IAsyncLifetime
{
    private readonly FlowRig _rig = new();

    // Stands still unless a test moves it, at a time at which certificates are valid.
    private readonly ManualTime _time = new(TimeProvider.System.GetUtcNow());
    private OnDemandPlane _plane = null!;

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync()
    {
        await _rig.DisposeAsync();
        await _plane.DisposeAsync();
    }

    [Fact]
    public async Task A_waypoint_that_nobody_subscribed_to_is_asked_for_and_passed()
    {
        _rig.StartApplication(3, banner: "waypoint\n");
        ScriptedPeer waypoint = await _rig.StartPeerAsync(3, "waypoint");
        waypoint.RelayTo = new IPEndPoint(_rig.Host(3), 8080);
        await StartPlaneAsync("client");
        _plane.Knows($"/{_rig.Host(2)}", Workload(2, "server", $"/{_rig.Host(3)}"));
        _plane.Knows($"/{_rig.Host(3)}", Workload(3, "waypoint"));
        await _rig.StartOnDemandNodeAsync(1, "client", _plane, TimeProvider.System, [Server]);

        Assert.Equal("waypoint\n" + Requests.Hello + Requests.Hello, await Requests.ExchangeAsync(_rig.Forward(1, 1), Requests.Hello));
        Assert.Equal("waypoint\n" + Requests.Hello + Requests.Hello, await Requests.ExchangeAsync(_rig.Forward(1, 1), Requests.Hello));

        Assert.Equal($"{_rig.Host(2)}:8080", waypoint.Seen.First().Authority);
        Assert.Equal([$"/{_rig.Host(2)}", $"/{_rig.Host(3)}"], _plane.Asked);
    }

    [Fact]
    public async Task An_address_outside_the_mesh_is_asked_for_once_and_again_when_the_answer_is_old()
    {
        _rig.StartApplication(2);
        await StartPlaneAsync("client");
        await _rig.StartOnDemandNodeAsync(1, "client", _plane, _time, [Server]);

        Assert.Equal(Requests.Hello + Requests.Hello, await Requests.ExchangeAsync(_rig.Forward(1, 1), Requests.Hello));
        Assert.Equal(Requests.Hello + Requests.Hello, await Requests.ExchangeAsync(_rig.Forward(1, 1), Requests.Hello));
        Assert.Equal([$"/{_rig.Host(2)}"], _plane.Asked);

        _time.Advance(TimeSpan.FromSeconds(10));
        Assert.Equal(Requests.Hello + Requests.Hello, await Requests.ExchangeAsync(_rig.Forward(1, 1), Requests.Hello));
        Assert.Equal([$"/{_rig.Host(2)}", $"/{_rig.Host(2)}"], _plane.Asked);
    }

    [Fact]
    public async Task A_network_gateway_that_nobody_subscribed_to_is_asked_for()
    {
        ScriptedPeer gateway = await _rig.StartPeerAsync(3, "gateway");
        gateway.Status = 503;
        await StartPlaneAsync("client");
        Address service = new() { Service = new ServiceMessage { Name = "web", Namespace = "shop", Hostname = "web.shop", Addresses = { Vip() }, Ports = { new Port { ServicePort = 80, TargetPort = 8080 } } } };
        Address remote = new()
        {
            Workload = new WorkloadMessage
            {
                Uid = "far/SplitHorizonWorkload/gateway/web",
                Network = "far",
                TunnelProtocol = TunnelProtocolValue.TunnelProtocolHbone,
                NetworkGateway = new GatewayAddressMessage { Hostname = new NamespacedHostname { Namespace = "shop", Hostname = "gateway.example" }, HboneMtlsPort = 15008 },
                Services = { ["shop/web.shop"] = new PortList() },
            },
        };
        _plane.Knows($"/{_rig.Vip(1)}", service, remote);
        Address at = Workload(3, "gateway");
        at.Workload.Hostname = "gateway.example";
        _plane.Knows("shop/gateway.example", at);
        TestNode client = await _rig.StartOnDemandNodeAsync(1, "client", _plane, TimeProvider.System, [new IPEndPoint(_rig.Vip(1), 80)]);

        Assert.Empty(await Requests.ExchangeAsync(_rig.Forward(1, 1), Requests.Hello));

        await client.Log.WaitForAsync("connection complete", "503", $"dst.addr={_rig.Host(3)}:15008");
        Assert.Equal("web.shop:80", Assert.Single(gateway.Seen).Authority);
        Assert.Equal([$"/{_rig.Vip(1)}", "shop/gateway.example"], _plane.Asked);
    }

    [Fact]
    public async Task A_captured_waypoint_asks_whom_a_request_is_meant_for_and_takes_it()
    {
        _rig.StartApplication(1);
        await StartPlaneAsync("waypoint");
        _plane.Knows($"/{_rig.Host(2)}", Workload(2, "server", $"/{_rig.Host(1)}"));
        await _rig.StartOnDemandNodeAsync(1, "waypoint", _plane, TimeProvider.System, []);
        DirectCaller caller = await _rig.StartCallerAsync("client");

        DirectAnswer answer = await caller.AskAsync(Inbound, $"{_rig.Host(2)}:8080");

        Assert.Equal((200, Requests.Hello + Requests.Hello), (answer.Status, answer.Text));
        Assert.Equal(400, (await caller.AskAsync(Inbound, $"{_rig.Host(9)}:8080")).Status);
        Assert.Equal([$"/{_rig.Host(2)}", $"/{_rig.Host(9)}"], _plane.Asked);
    }

    [Fact]
    public async Task The_service_of_a_host_name_is_asked_for()
    {
        _rig.StartApplication(1);
        await StartPlaneAsync("server", memberOf: "bank/web.example");
        _plane.Knows("bank/web.example", new Address { Service = new ServiceMessage { Namespace = "bank", Hostname = "web.example", Ports = { new Port { ServicePort = 80, TargetPort = 8080 } } } });
        await _rig.StartOnDemandNodeAsync(1, "server", _plane, TimeProvider.System, []);
        DirectCaller caller = await _rig.StartCallerAsync("client");

        Assert.Equal(200, (await caller.AskAsync(Inbound, "web.example:80")).Status);
        Assert.Equal(503, (await caller.AskAsync(Inbound, "other.example:80")).Status);
        Assert.Equal(["bank/web.example", "shop/other.example"], _plane.Asked);
    }

    [Fact]
    public async Task A_connection_whose_waypoint_is_not_explained_is_refused_after_five_seconds_and_the_line_says_why()
    {
        await StartPlaneAsync("client");
        _plane.Knows($"/{_rig.Host(2)}", Workload(2, "server", $"/{_rig.Host(3)}"));
        _plane.SaysNothingAbout($"/{_rig.Host(3)}");
        Application server = _rig.StartApplication(2);
        TestNode client = await _rig.StartOnDemandNodeAsync(1, "client", _plane, _time, [Server]);

        Task<string> exchange = Requests.ExchangeAsync(_rig.Forward(1, 1), Requests.Hello);
        await _plane.WaitUnansweredAsync($"/{_rig.Host(3)}");
        _time.Advance(TimeSpan.FromSeconds(5));

        Assert.Empty(await exchange);
        string line = await client.Log.WaitForAsync("connection failed");
        Assert.Contains($"error=\"no answer from the control plane about waypoint /{_rig.Host(3)}\"", line, StringComparison.Ordinal);
        Assert.Contains("error.reason=\"TimedOut\"", line, StringComparison.Ordinal);
        Assert.Contains("hint=\"XDS_ON_DEMAND is on and no answer came within 5 s", line, StringComparison.Ordinal);
        Assert.Empty(server.Callers);
    }

    [Fact]
    public async Task A_request_to_a_captured_waypoint_about_whom_nothing_is_learnt_is_unavailable_after_five_seconds()
    {
        await StartPlaneAsync("waypoint");
        _plane.SaysNothingAbout($"/{_rig.Host(2)}");
        TestNode node = await _rig.StartOnDemandNodeAsync(1, "waypoint", _plane, _time, []);
        DirectCaller caller = await _rig.StartCallerAsync("client");

        Task<DirectAnswer> asking = caller.AskAsync(Inbound, $"{_rig.Host(2)}:8080");
        await _plane.WaitUnansweredAsync($"/{_rig.Host(2)}");
        _time.Advance(TimeSpan.FromSeconds(5));

        Assert.Equal(503, (await asking).Status);
        string line = await node.Log.WaitForAsync("connection failed", "direction=\"inbound\"");
        Assert.Contains($"error=\"no answer from the control plane about destination /{_rig.Host(2)}\"", line, StringComparison.Ordinal);
        Assert.Contains("error.reason=\"TimedOut\"", line, StringComparison.Ordinal);
    }

    private IPEndPoint Server => new(_rig.Host(2), 8080);

    private IPEndPoint Inbound => new(_rig.Host(1), 15008);

    private async Task StartPlaneAsync(string local, string? memberOf = null)
    {
        WorkloadMessage pod = Workload(1, local).Workload;
        if (memberOf is not null)
        {
            pod.Services[memberOf] = new PortList();
        }

        _plane = await OnDemandPlane.StartAsync(pod);
    }

    private NetworkAddressMessage Vip() => new() { Address = ByteString.CopyFrom(_rig.Vip(1).GetAddressBytes()) };

    private Address Workload(int host, string name, string? waypoint = null) => new()
    {
        Workload = new WorkloadMessage
        {
            Uid = $"c//Pod/shop/{name}",
            Name = name,
            Namespace = "shop",
            ServiceAccount = name,
            TunnelProtocol = TunnelProtocolValue.TunnelProtocolHbone,
            Addresses = { ByteString.CopyFrom(_rig.Host(host).GetAddressBytes()) },
            Waypoint = waypoint is null ? null : new GatewayAddressMessage
            {
                Address = new NetworkAddressMessage { Address = ByteString.CopyFrom(IPAddress.Parse(waypoint[1..]).GetAddressBytes()) },
                HboneMtlsPort = 15008,
            },
        },
    };
}
