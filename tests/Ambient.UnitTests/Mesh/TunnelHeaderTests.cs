using System.Net;
using Ambient.Mesh.Telemetry;
using Ambient.Mesh.Workloads;
using static Ambient.Testing.Mesh.TestMesh;

namespace Ambient.UnitTests.Mesh;

/// <summary>The request headers of a tunnel (node-proxy 1.3.2 to 1.3.4, 11.12).</summary>
public class TunnelHeaderTests
{
    private static readonly Workload Web = Pod("web-0", "10.0.0.1") with
    {
        WorkloadName = "web",
        CanonicalName = "web-app",
        CanonicalRevision = "v2",
        Locality = new Locality("eu", "eu-a", "rack1"),
    };

    [Theory]
    [InlineData("127.0.0.1:80", null, "for=\"127.0.0.1:80\"")]
    [InlineData("[::1]:80", null, "for=\"[::1]:80\"")]
    [InlineData("127.0.0.1:80", "example.com", "for=\"127.0.0.1:80\";host=example.com")]
    [InlineData("127.0.0.1:80", "", "for=\"127.0.0.1:80\"")]
    [InlineData("127.0.0.1:80", "evil\r\nx: y", "for=\"127.0.0.1:80\"")]
    [InlineData("127.0.0.1:80", "a;b", "for=\"127.0.0.1:80\"")]
    public void Forwarded_names_the_application_and_the_service(string application, string? host, string expected) =>
        Assert.Equal(expected, ForwardedHeader.Format(IPEndPoint.Parse(application), host));

    [Theory]
    [InlineData("host=x", "x")]
    [InlineData("for=\"1.2.3.4:80\";host=example.com", "example.com")]
    [InlineData("for=\"1.2.3.4:80\"; host=\"example.com\" ;by=z", "example.com")]
    [InlineData("host=\"x", "x")]
    [InlineData("host=a;host=b", "a")]
    [InlineData("host=", null)]
    [InlineData("host=\"\"", null)]
    [InlineData("host=;host=b", null)]
    [InlineData("HOST=x", null)]
    [InlineData("for=\"1.2.3.4:80\"", null)]
    [InlineData("", null)]
    [InlineData(null, null)]
    [InlineData("host=é", null)]
    [InlineData("by=é;host=x", null)]
    public void The_host_of_forwarded_is_read(string? value, string? expected) => Assert.Equal(expected, ForwardedHeader.ParseHost(value));

    [Theory]
    [InlineData(null, "net1", false)]
    [InlineData("net1", "net1", false)]
    [InlineData("NET1", "net1", false)]
    [InlineData("net2", "net1", true)]
    [InlineData("", "net1", true)]
    [InlineData("", "", false)]
    public void A_forwarded_network_other_than_the_own_one_is_remote(string? header, string own, bool remote) =>
        Assert.Equal(remote, ForwardedNetwork.IsRemote(header, own));

    [Fact]
    public void Baggage_lists_what_is_known_in_order() => Assert.Equal(
        "k8s.cluster.name=cluster1,k8s.namespace.name=shop,k8s.deployment.name=web,service.name=web-app,service.version=v2,"
        + "cloud.region=eu,cloud.availability_zone=eu-a",
        Baggage.Of(Web).ToString());

    [Theory]
    [InlineData(WorkloadType.Deployment, "k8s.deployment.name")]
    [InlineData(WorkloadType.CronJob, "k8s.cronjob.name")]
    [InlineData(WorkloadType.Pod, "k8s.pod.name")]
    [InlineData(WorkloadType.Job, "k8s.job.name")]
    public void Every_workload_type_has_its_key_and_survives_a_round_trip(WorkloadType type, string key)
    {
        Baggage baggage = Baggage.Of(Web with { WorkloadType = type });
        Assert.Contains($",{key}=web,", baggage.ToString(), StringComparison.Ordinal);
        Assert.Equal(baggage, Baggage.Parse([baggage.ToString()]));
    }

    [Fact]
    public void Baggage_leaves_out_empty_values_and_those_that_would_break_the_header()
    {
        Workload bare = new() { Uid = "x", Namespace = "shop", ClusterId = "a,b=c", CanonicalName = "x\r\ny", CanonicalRevision = "é" };
        Assert.Equal("k8s.namespace.name=shop", Baggage.Of(bare).ToString());
        Assert.Equal(string.Empty, Baggage.None.ToString());
    }

    [Fact]
    public void Several_headers_are_read_as_one_and_the_last_occurrence_wins()
    {
        Baggage baggage = Baggage.Parse(["k8s.cluster.name=a,k8s.namespace.name=n", "k8s.cluster.name=b", "k8s.pod.name=p,k8s.job.name=j"]);
        Assert.Equal(
            new Baggage { ClusterId = "b", Namespace = "n", WorkloadName = "j", WorkloadType = WorkloadType.Job }, baggage);
    }

    [Fact]
    public void An_empty_value_resets_and_a_blank_is_part_of_the_key()
    {
        Assert.Equal(Baggage.None, Baggage.Parse(["k8s.cluster.name=a,k8s.cluster.name="]));
        Assert.Equal(Baggage.None, Baggage.Parse([" k8s.cluster.name=a", "unknown=1", "", ",,", "=", "k8s.x.name=y", "k8s.name=y", "service.name"]));
        Assert.Equal("a", Baggage.Parse(["service.name=a=b"]).ServiceName);
        Assert.Equal(Baggage.None, Baggage.Parse([]));
    }

    [Fact]
    public void What_mutated_baggage_says_is_said_the_same_when_it_is_written_again()
    {
        Random random = new(37);
        for (int round = 0; round < 20_000; round++)
        {
            Baggage parsed = Baggage.Parse([Mutation.Of(Baggage.Of(Web).ToString(), random, "=,.k8s \0é")]);
            string text = parsed.ToString();
            Assert.DoesNotContain(text, character => character is < '!' or > '~');
            Baggage again = Baggage.Parse([text]);
            Assert.Equal(text, again.ToString());
        }
    }

    [Fact]
    public void Mutated_forwarded_headers_never_give_an_empty_or_foreign_host()
    {
        Random random = new(43);
        for (int round = 0; round < 20_000; round++)
        {
            string text = Mutation.Of("for=\"10.0.0.1:80\";host=example.com", random, "\";=hos \0é");
            string? host = ForwardedHeader.ParseHost(text);
            Assert.True(host is null || (host.Length > 0 && text.Contains(host, StringComparison.Ordinal) && !host.Contains(';', StringComparison.Ordinal)));
        }
    }

    [Fact]
    public void A_random_trace_parent_has_55_characters_and_survives_a_round_trip()
    {
        Random random = new(47);
        TraceParent parent = TraceParent.CreateRandom(random);
        string text = parent.ToString();
        Assert.Equal(TraceParent.TextLength, text.Length);
        Assert.Matches("^00-[0-9a-f]{32}-[0-9a-f]{16}-00$", text);
        Assert.True(TraceParent.TryParse(text, out TraceParent parsed));
        Assert.Equal(parent, parsed);
        Assert.NotEqual(parent, TraceParent.CreateRandom(random));
    }

    [Theory]
    [InlineData("00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01", true)]
    [InlineData("00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-0", false)]
    [InlineData("00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-011", false)]
    [InlineData("01-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01", false)]
    [InlineData("00-4BF92F3577B34DA6A3CE929D0E0E4736-00f067aa0ba902b7-01", false)]
    [InlineData("00-00000000000000000000000000000000-00f067aa0ba902b7-01", false)]
    [InlineData("00-4bf92f3577b34da6a3ce929d0e0e4736-0000000000000000-01", false)]
    [InlineData("00_4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01", false)]
    [InlineData("00-4bf92f3577b34da6a3ce929d0e0e4736_00f067aa0ba902b7-01", false)]
    [InlineData("", false)]
    public void A_trace_parent_is_taken_only_in_its_one_form(string text, bool valid) =>
        Assert.Equal(valid, TraceParent.TryParse(text, out _));
}
