using Ambient.Testing;
using Ambient.Testing.Namespaces;
using Ambient.Zds;
using Ambient.Zds.Messages;
using Google.Protobuf;
using Microsoft.Win32.SafeHandles;
using static Ambient.Testing.Zds.ZdsRequests;

namespace Ambient.InProcessTests.Zds;

/// <summary>An agent that does not keep to the protocol: what it breaks, and that pods go on (node-proxy 6.4, 10.1).</summary>
public sealed class BrokenAgentTests
{
    [RootTheory]
    [InlineData("add without workload_info")]
    [InlineData("keep after the snapshot")]
    [InlineData("second snapshot")]
    public async Task What_contradicts_the_conversation_is_answered_and_ends_the_program_with_one(string offence)
    {
        await using ZdsRig rig = await ZdsRig.StartAsync();
        TestNamespace pod = await rig.NewPodAsync();
        await rig.Agent.AskAsync(Snapshot);
        (WorkloadRequest request, string? path) = offence switch
        {
            "add without workload_info" => (new WorkloadRequest { Add = new AddWorkload { Uid = "u1" } }, pod.Path),
            "keep after the snapshot" => (Keep("u1"), null),
            _ => (Snapshot, (string?)null),
        };

        string answer = await rig.Agent.AskAsync(request, path);

        Assert.StartsWith("failure to process message : ", answer, StringComparison.Ordinal);
        Assert.Equal(1, await rig.Node.App.StopAsked.WaitAsync(TimeSpan.FromSeconds(10)));
        Assert.Empty(DescriptorsOf(pod));
    }

    [RootTheory]
    [InlineData("add without a descriptor")]
    [InlineData("add with two")]
    [InlineData("delete with one")]
    [InlineData("snapshot with one")]
    [InlineData("too long")]
    [InlineData("too many descriptors")]
    [InlineData("no payload")]
    [InlineData("not a message")]
    public async Task An_unreadable_packet_is_answered_and_the_connection_begins_anew_while_pods_go_on(string offence)
    {
        await using ZdsRig rig = await ZdsRig.StartAsync();
        TestNamespace pod = await rig.NewPodAsync();
        TestNamespace other = await rig.NewPodAsync();
        await rig.Agent.AskAsync(Add("u1"), pod.Path);
        await rig.Agent.AskAsync(Snapshot);
        using SafeFileHandle descriptor = File.OpenHandle(other.Path);
        (byte[] bytes, int descriptors) = offence switch
        {
            "add without a descriptor" => (Add("u2").ToByteArray(), 0),
            "add with two" => (Add("u2").ToByteArray(), 2),
            "delete with one" => (Delete("u1").ToByteArray(), 1),
            "snapshot with one" => (Snapshot.ToByteArray(), 1),
            "too long" => (Add("u2", new string('n', PacketSocket.MaxPacketBytes)).ToByteArray(), 1),
            "too many descriptors" => (Add("u2").ToByteArray(), 8),
            "no payload" => (new WorkloadRequest().ToByteArray() is { Length: 0 } ? [0x22, 0x00] : [], 0),
            _ => (new byte[] { 0xff, 0xff, 0xff, 0xff }, 1),
        };

        string? answer = await rig.Agent.SendRawAsync(bytes, [.. Enumerable.Repeat(descriptor, descriptors)]);

        Assert.StartsWith("failure to read message : ", answer, StringComparison.Ordinal);
        Assert.True(await rig.Agent.IsHungUpAsync());
        await rig.Agent.AcceptAsync();
        Assert.Equal((1, 0, 1, 0), await rig.CountsAsync());
        Assert.Equal("", await rig.Agent.AskAsync(Keep("u1")));
        Assert.Equal("", await rig.Agent.AskAsync(Snapshot));
        Assert.Equal("ready", await rig.ReadinessAsync());
        descriptor.Dispose();
        Assert.Empty(DescriptorsOf(other));
    }

    [RootFact]
    public async Task Fields_of_a_later_version_are_passed_over()
    {
        await using ZdsRig rig = await ZdsRig.StartAsync();
        TestNamespace pod = await rig.NewPodAsync();
        using SafeFileHandle descriptor = File.OpenHandle(pod.Path);
        byte[] withUnknownField = [.. Add("u1").ToByteArray(), 0xca, 0x3e, 0x03, 0x61, 0x62, 0x63];

        Assert.Equal("", await rig.Agent.SendRawAsync(withUnknownField, descriptor));
    }

    [RootTheory]
    [InlineData("", "web")]
    [InlineData("web/../../admin", "web")]
    [InlineData("web", "")]
    public async Task A_pod_without_a_name_that_can_be_an_identity_is_refused(string name, string account)
    {
        await using ZdsRig rig = await ZdsRig.StartAsync();
        TestNamespace pod = await rig.NewPodAsync();
        WorkloadRequest request = Add("u1", name);
        request.Add.WorkloadInfo.ServiceAccount = account;

        Assert.StartsWith("failure to start proxy : ", await rig.Agent.AskAsync(request, pod.Path), StringComparison.Ordinal);
        Assert.Equal("", await rig.Agent.AskAsync(Snapshot));

        Assert.Equal((0, 0, 0, 0), await rig.CountsAsync());
        Assert.Empty(DescriptorsOf(pod));
    }

    [RootFact]
    public async Task A_descriptor_that_is_no_network_namespace_makes_a_pending_pod()
    {
        await using ZdsRig rig = await ZdsRig.StartAsync();

        string answer = await rig.Agent.AskAsync(Add("u1"), "/dev/null");

        Assert.StartsWith("failure to start proxy : ", answer, StringComparison.Ordinal);
        Assert.Equal((0, 1, 0, 0), await rig.CountsAsync());
    }

    [RootFact]
    public async Task A_served_pod_costs_one_descriptor_and_a_deleted_one_none()
    {
        await using ZdsRig rig = await ZdsRig.StartAsync();
        TestNamespace pod = await rig.NewPodAsync();
        await rig.Agent.AskAsync(Snapshot);

        await rig.Agent.AskAsync(Add("u1"), pod.Path);
        await rig.Agent.AskAsync(Add("u1"), pod.Path);
        Assert.Single(DescriptorsOf(pod));
        await rig.Agent.AskAsync(Delete("u1"));

        Assert.Empty(DescriptorsOf(pod));
    }

    [RootFact]
    public async Task Mutated_packets_never_break_the_client_nor_keep_a_descriptor()
    {
        const int Seed = 20611;
        var random = new Random(Seed);
        await using ZdsRig rig = await ZdsRig.StartAsync();
        TestNamespace pod = await rig.NewPodAsync();
        TestNamespace other = await rig.NewPodAsync();
        await rig.Agent.AskAsync(Add("u1"), pod.Path);
        using SafeFileHandle descriptor = File.OpenHandle(other.Path);
        byte[][] seeds = [Add("u2").ToByteArray(), Delete("u2").ToByteArray(), Keep("u1").ToByteArray()];
        int sent = 0;
        for (int round = 0; round < FuzzRounds.Scale(200); round++)
        {
            byte[] bytes = [.. seeds[random.Next(seeds.Length)]];
            for (int change = random.Next(1, 4); change > 0; change--)
            {
                bytes[random.Next(bytes.Length)] = (byte)random.Next(256);
            }

            int descriptors = random.Next(0, 3);

            // Those that can be read may be served or end the program, as other tests show.
            if (descriptors == 2 || RequestReader.Read(bytes, descriptors == 1, out _) is null)
            {
                sent++;
                await rig.Agent.AskAsync(Delete("u3"));
                Assert.StartsWith("failure to read message : ", await rig.Agent.SendRawAsync(bytes, [.. Enumerable.Repeat(descriptor, descriptors)]), StringComparison.Ordinal);
                await rig.Agent.AcceptAsync();
            }
        }

        Assert.InRange(sent, 50, int.MaxValue);
        Assert.Equal((1, 0, 1, 0), await rig.CountsAsync());
        Assert.Equal("", await rig.Agent.AskAsync(Keep("u1")));
        Assert.Equal("", await rig.Agent.AskAsync(Snapshot));
        Assert.Equal("ready", await rig.ReadinessAsync());
        descriptor.Dispose();
        Assert.Empty(DescriptorsOf(other));
    }

    /// <summary>Descriptors of this process that refer to the pod's namespace.</summary>
    private static List<string> DescriptorsOf(TestNamespace pod) =>
        [.. Directory.EnumerateFiles("/proc/self/fd").Where(path => new FileInfo(path).LinkTarget == pod.Path)];
}
