using Ambient.ApiServer.Faults;
using Ambient.ControlPlane;
using Ambient.ControlPlane.Statuses;
using Ambient.ControlPlane.Translation.Reports;
using Ambient.Kube.Client;
using Ambient.Kube.Resources;
using Ambient.Kube.Resources.Networking;
using Ambient.Kube.Resources.Security;

namespace Ambient.InProcessTests.ControlPlane;

public sealed class StatusWritingTests
{
    [Fact]
    public async Task What_becomes_of_a_policy_is_written_to_its_status()
    {
        await using ControlPlaneRig rig = await ControlPlaneRig.StartAsync();
        await rig.ServeAsync();
        await WritePolicyAsync(rig, "deny");

        Condition condition = await ConditionAsync(rig, "deny");

        Assert.Equal(("True", Reasons.Accepted), (condition.Status, condition.Reason));
        Assert.NotNull(condition.LastTransitionTime);
    }

    [Fact]
    public async Task Of_two_replicas_only_the_leader_writes_and_the_other_takes_over()
    {
        await using ControlPlaneRig rig = await ControlPlaneRig.StartAsync();
        ControlPlaneApp leader = await rig.ServeAsync("replica-1");
        await ControlPlaneRig.UntilAsync(() => Task.FromResult(leader.State.IsLeader()));
        ControlPlaneApp follower = await rig.ServeAsync("replica-2");
        await WritePolicyAsync(rig, "first");
        await ConditionAsync(rig, "first");
        Assert.True(leader.State.IsLeader());
        Assert.False(follower.State.IsLeader());
        Assert.Equal(0, await WrittenAsync(follower));
        Assert.Equal(1, await WrittenAsync(leader));

        await rig.StopAsync(leader);
        await WritePolicyAsync(rig, "second");
        await ConditionAsync(rig, "second");

        Assert.True(follower.State.IsLeader());
        Assert.Equal(1, await WrittenAsync(follower));
    }

    [Fact]
    public async Task A_write_that_fails_is_tried_again()
    {
        await using ControlPlaneRig rig = await ControlPlaneRig.StartAsync();
        rig.Api.Faults.Add(new FaultRule(Fault.InternalError, "/status", count: 2));
        await rig.ServeAsync();
        await WritePolicyAsync(rig, "deny");

        Assert.Equal("True", (await ConditionAsync(rig, "deny")).Status);
    }

    [Fact]
    public async Task An_entry_without_addresses_is_given_some_and_what_is_not_honoured_is_an_event_once()
    {
        await using ControlPlaneRig rig = await ControlPlaneRig.StartAsync();
        await rig.Client.CreateAsync(
            KubernetesResources.ServiceEntries,
            new ServiceEntry
            {
                Metadata = new ObjectMeta { Namespace = "shop", Name = "external" },
                Spec = new ServiceEntrySpec
                {
                    Hosts = ["api.example.com"],
                    Ports = [new ServiceEntryPort { Number = 443, Name = "tls", Protocol = "TLS" }],
                    Resolution = "DNS",
                    ExportTo = ["."],
                },
            },
            CancellationToken.None);
        ControlPlaneApp first = await rig.ServeAsync();
        await ControlPlaneRig.UntilAsync(async () => (await EntryAsync(rig)).Status.Addresses.Length > 0);
        await ControlPlaneRig.UntilAsync(async () => (await EventsAsync(rig)).Count > 0);
        ServiceEntry given = await EntryAsync(rig);
        await rig.StopAsync(first);
        ControlPlaneApp second = await rig.ServeAsync("replica-2");
        await ControlPlaneRig.UntilAsync(() => Task.FromResult(second.State.IsLeader()));
        await WritePolicyAsync(rig, "later");
        await ConditionAsync(rig, "later");

        Assert.Equal<ServiceEntryAddress>(given.Status.Addresses, (await EntryAsync(rig)).Status.Addresses);
        UntypedObject note = Assert.Single(await EventsAsync(rig));
        Assert.Equal(Reasons.NotHonoured, note.Other!["reason"].GetString());
        Assert.Equal(given.Metadata.Uid, note.Other["involvedObject"].GetProperty("uid").GetString());
    }

    private static Task<AuthorizationPolicy> WritePolicyAsync(ControlPlaneRig rig, string name) => rig.Client.CreateAsync(
        KubernetesResources.AuthorizationPolicies,
        new AuthorizationPolicy { Metadata = new ObjectMeta { Namespace = "shop", Name = name }, Spec = new AuthorizationPolicySpec { Action = "DENY", Rules = [new AccessRule()] } },
        CancellationToken.None);

    private static async Task<Condition> ConditionAsync(ControlPlaneRig rig, string name)
    {
        Condition? found = null;
        await ControlPlaneRig.UntilAsync(async () =>
        {
            AuthorizationPolicy policy = await rig.Client.GetAsync(KubernetesResources.AuthorizationPolicies, new ObjectName("shop", name), CancellationToken.None);
            found = policy.Status.Conditions.FirstOrDefault(condition => condition.Type == ConditionTypes.ZtunnelAccepted);
            return found is not null;
        });
        return found!;
    }

    private static Task<ServiceEntry> EntryAsync(ControlPlaneRig rig) =>
        rig.Client.GetAsync(KubernetesResources.ServiceEntries, new ObjectName("shop", "external"), CancellationToken.None);

    private static async Task<IReadOnlyList<UntypedObject>> EventsAsync(ControlPlaneRig rig)
    {
        List<UntypedObject> events = [];
        await rig.Client.ListAsync(StatusTypes.Events, new ListOptions { Namespace = "shop" }, events.Add, CancellationToken.None);
        return events;
    }

    /// <summary>How often a replica says that it wrote conditions.</summary>
    private static async Task<int> WrittenAsync(ControlPlaneApp app)
    {
        const string Series = "ambient_status_writes{kind=\"conditions\",result=\"written\"} ";
        using HttpClient http = new();
        string text = await http.GetStringAsync(new Uri($"http://{app.PageAddresses[1]}/metrics"));
        string? line = text.Split('\n').FirstOrDefault(line => line.StartsWith(Series, StringComparison.Ordinal));
        return line is null ? 0 : int.Parse(line[Series.Length..], System.Globalization.CultureInfo.InvariantCulture);
    }
}
