using System.Net.Sockets;
using Ambient.Testing;
using Ambient.Testing.Namespaces;
using static Ambient.Testing.Zds.ZdsRequests;

namespace Ambient.InProcessTests.Zds;

/// <summary>What a node agent asks and what becomes of the pods (node-proxy 6.4, 11.11).</summary>
public sealed class ZdsConversationTests : IAsyncLifetime
{
    private static readonly int[] PodPorts = [15001, 15006, 15008, 15053];

    private ZdsRig _rig = null!;

    public async Task InitializeAsync() => _rig = await ZdsRig.StartAsync();

    public async Task DisposeAsync() => await _rig.DisposeAsync();

    [RootFact]
    public async Task An_added_pod_gets_its_listeners_before_the_answer_and_a_second_add_changes_nothing()
    {
        TestNamespace pod = await _rig.NewPodAsync();

        Assert.Equal("", await _rig.Agent.AskAsync(Add("u1"), pod.Path));
        Assert.Equal(PodPorts, ZdsRig.PortsIn(pod));
        Assert.Equal("", await _rig.Agent.AskAsync(Add("u1"), pod.Path));

        Assert.Equal((1, 0, 1, 0), await _rig.CountsAsync());
    }

    [RootFact]
    public async Task A_deleted_pod_loses_its_listeners_before_the_answer_and_an_unknown_one_is_no_error()
    {
        TestNamespace pod = await _rig.NewPodAsync();
        await _rig.Agent.AskAsync(Add("u1"), pod.Path);
        await _rig.Agent.AskAsync(Snapshot);

        Assert.Equal("", await _rig.Agent.AskAsync(Delete("u1")));
        Assert.Empty(ZdsRig.PortsIn(pod));
        Assert.Equal("", await _rig.Agent.AskAsync(Delete("u2")));

        Assert.Equal((0, 0, 1, 1), await _rig.CountsAsync());
    }

    [RootFact]
    public async Task Add_delete_add_ends_with_one_proxy()
    {
        TestNamespace pod = await _rig.NewPodAsync();
        await _rig.Agent.AskAsync(Snapshot);

        await _rig.Agent.AskAsync(Add("u1"), pod.Path);
        await _rig.Agent.AskAsync(Delete("u1"));
        await _rig.Agent.AskAsync(Add("u1"), pod.Path);

        Assert.Equal((1, 0, 2, 1), await _rig.CountsAsync());
        Assert.Equal(PodPorts, ZdsRig.PortsIn(pod));
    }

    [RootFact]
    public async Task The_same_pod_in_another_namespace_is_another_sandbox()
    {
        TestNamespace old = await _rig.NewPodAsync();
        TestNamespace young = await _rig.NewPodAsync();

        await _rig.Agent.AskAsync(Add("u1"), old.Path);
        Assert.Equal("", await _rig.Agent.AskAsync(Add("u1"), young.Path));

        Assert.Equal((1, 0, 2, 1), await _rig.CountsAsync());
        Assert.Empty(ZdsRig.PortsIn(old));
        Assert.Equal(PodPorts, ZdsRig.PortsIn(young));
    }

    [RootFact]
    public async Task A_pod_whose_port_is_taken_is_pending_and_starts_when_it_is_told_again()
    {
        TestNamespace pod = await _rig.NewPodAsync();
        await _rig.Agent.AskAsync(Snapshot);
        using (ZdsRig.Occupy(pod, 15006))
        {
            string answer = await _rig.Agent.AskAsync(Add("u1"), pod.Path);

            Assert.StartsWith("failure to start proxy : ", answer, StringComparison.Ordinal);
            Assert.Contains("15006", answer, StringComparison.Ordinal);
            Assert.Equal((0, 1, 0, 0), await _rig.CountsAsync());
            Assert.Equal([15006], ZdsRig.PortsIn(pod));
        }

        // A program that another test starts may hold the port until it has become that program.
        await _rig.WaitUntilAsync(() => Task.FromResult(ZdsRig.PortsIn(pod).Length == 0), "the port is free");

        Assert.Equal("", await _rig.Agent.AskAsync(Add("u1"), pod.Path));
        Assert.Equal((1, 0, 1, 0), await _rig.CountsAsync());
    }

    [RootFact]
    public async Task A_pending_pod_is_tried_again_by_itself()
    {
        TestNamespace pod = await _rig.NewPodAsync();
        TcpListener occupant = ZdsRig.Occupy(pod, 15001);
        await _rig.Agent.AskAsync(Add("u1"), pod.Path);
        await _rig.Agent.AskAsync(Snapshot);
        Assert.Equal("not ready, pending: workload proxy manager", await _rig.ReadinessAsync());

        occupant.Dispose();

        await _rig.WaitUntilAsync(async () => await _rig.ReadinessAsync() == "ready", "the pending pod starts");
        Assert.Equal((1, 0, 1, 0), await _rig.CountsAsync());
        Assert.Equal(PodPorts, ZdsRig.PortsIn(pod));
    }

    [RootFact]
    public async Task Deleting_a_pending_pod_ends_the_tries()
    {
        TestNamespace pod = await _rig.NewPodAsync();
        await _rig.Agent.AskAsync(Snapshot);
        using TcpListener occupant = ZdsRig.Occupy(pod, 15001);
        await _rig.Agent.AskAsync(Add("u1"), pod.Path);

        Assert.Equal("", await _rig.Agent.AskAsync(Delete("u1")));

        Assert.Equal((0, 0, 0, 0), await _rig.CountsAsync());
        Assert.Equal("ready", await _rig.ReadinessAsync());
    }

    [RootFact]
    public async Task A_failed_add_withdraws_readiness_only_with_the_next_message()
    {
        TestNamespace pod = await _rig.NewPodAsync();
        Assert.Equal("not ready, pending: workload proxy manager", await _rig.ReadinessAsync());
        await _rig.Agent.AskAsync(Snapshot);
        Assert.Equal("ready", await _rig.ReadinessAsync());
        using TcpListener occupant = ZdsRig.Occupy(pod, 15001);

        await _rig.Agent.AskAsync(Add("u1"), pod.Path);
        Assert.Equal("ready", await _rig.ReadinessAsync());
        await _rig.Agent.AskAsync(Delete("u2"));

        Assert.Equal("not ready, pending: workload proxy manager", await _rig.ReadinessAsync());
    }

    [RootFact]
    public async Task Without_an_agent_pods_keep_their_proxies_and_the_next_snapshot_decides()
    {
        TestNamespace kept = await _rig.NewPodAsync();
        TestNamespace told = await _rig.NewPodAsync();
        TestNamespace gone = await _rig.NewPodAsync();
        await _rig.Agent.AskAsync(Add("kept"), kept.Path);
        await _rig.Agent.AskAsync(Add("told"), told.Path);
        await _rig.Agent.AskAsync(Add("gone"), gone.Path);
        await _rig.Agent.AskAsync(Snapshot);

        _rig.Agent.Restart();
        await _rig.WaitUntilAsync(async () => await _rig.ReadinessAsync() != "ready", "the loss is noticed");
        Assert.Equal((3, 0, 3, 0), await _rig.CountsAsync());
        await _rig.Agent.AcceptAsync();
        Assert.Equal("", await _rig.Agent.AskAsync(Keep("kept")));
        Assert.Equal("", await _rig.Agent.AskAsync(Add("told"), told.Path));
        Assert.Equal("not ready, pending: workload proxy manager", await _rig.ReadinessAsync());
        Assert.Equal((3, 0, 3, 0), await _rig.CountsAsync());
        Assert.Equal("", await _rig.Agent.AskAsync(Snapshot));

        Assert.Equal((2, 0, 3, 1), await _rig.CountsAsync());
        Assert.Empty(ZdsRig.PortsIn(gone));
        Assert.Equal("ready", await _rig.ReadinessAsync());
    }

    [RootFact]
    public async Task A_delete_before_the_snapshot_takes_effect_with_it()
    {
        TestNamespace pod = await _rig.NewPodAsync();
        await _rig.Agent.AskAsync(Add("u1"), pod.Path);

        Assert.Equal("", await _rig.Agent.AskAsync(Delete("u1")));
        Assert.Equal((1, 0, 1, 0), await _rig.CountsAsync());
        await _rig.Agent.AskAsync(Snapshot);

        Assert.Equal((0, 0, 1, 1), await _rig.CountsAsync());
    }

    [RootFact]
    public async Task A_pending_pod_is_forgotten_when_the_agent_comes_back_without_it()
    {
        TestNamespace pod = await _rig.NewPodAsync();
        using TcpListener occupant = ZdsRig.Occupy(pod, 15001);
        await _rig.Agent.AskAsync(Add("u1"), pod.Path);
        Assert.Equal((0, 1, 0, 0), await _rig.CountsAsync());

        _rig.Agent.Restart();
        await _rig.Agent.AcceptAsync();
        await _rig.Agent.AskAsync(Snapshot);

        Assert.Equal((0, 0, 0, 0), await _rig.CountsAsync());
        Assert.Equal("ready", await _rig.ReadinessAsync());
    }

    [RootFact]
    public async Task The_admin_page_tells_pods_that_are_up_from_those_that_wait()
    {
        TestNamespace up = await _rig.NewPodAsync();
        TestNamespace down = await _rig.NewPodAsync();
        using TcpListener occupant = ZdsRig.Occupy(down, 15008);
        await _rig.Agent.AskAsync(Add("u-up", "first"), up.Path);
        await _rig.Agent.AskAsync(Add("u-down", "second"), down.Path);
        using HttpClient http = new();

        string dump = await http.GetStringAsync(new Uri($"http://{_rig.Address}:15000/config_dump"));

        using var json = System.Text.Json.JsonDocument.Parse(dump);
        System.Text.Json.JsonElement pods = json.RootElement.GetProperty("workloadState");
        Assert.Equal("Up", pods.GetProperty("u-up").GetProperty("state").GetString());
        Assert.Equal("Pending", pods.GetProperty("u-down").GetProperty("state").GetString());
        Assert.Equal("second", pods.GetProperty("u-down").GetProperty("info").GetProperty("name").GetString());
    }

    [RootFact]
    public async Task A_greeting_is_tried_again_until_there_is_an_agent()
    {
        await _rig.Agent.AskAsync(Snapshot);
        _rig.Agent.HangUp();
        await _rig.Agent.AcceptAsync();
        _rig.Agent.HangUp();

        await _rig.Agent.AcceptAsync();

        Assert.Equal("", await _rig.Agent.AskAsync(Snapshot));
    }
}
