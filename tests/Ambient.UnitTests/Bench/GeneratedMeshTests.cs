using System.Net;
using Ambient.Bench.Systems;
using Ambient.Mesh.Policies;
using Ambient.Mesh.Services;
using Ambient.Mesh.Workloads;
using Ambient.MeshGenerator;
using Ambient.Xds;
using Ambient.Xds.Decoding;
using Ambient.Xds.Messages;
using Google.Protobuf;
using Authorization = Ambient.Xds.Messages.Authorization;

namespace Ambient.UnitTests.Bench;

public sealed class GeneratedMeshTests
{
    private static readonly OwnPods Own = new(AmbientPair.ClientPodOf(0), AmbientPair.ServerPodOf(0), MeshPlane.MostPairs);

    [Fact]
    public void A_ztunnel_accepts_every_workload_and_service_of_it()
    {
        DecodedResource[] decoded = [.. new GeneratedMesh(500, Own).Addresses().Select(resource => Decode(XdsTypes.Address, resource))];

        Assert.All(decoded, resource => Assert.Null(resource.Refusal));
        Assert.Equal(500 + (2 * MeshPlane.MostPairs), decoded.Count(resource => resource.Content is Workload));
        Assert.Equal(50, decoded.Count(resource => resource.Content is Service));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(MeshPlane.MostPairs)]
    public void The_pods_of_every_pair_are_in_it_at_their_addresses_on_nodes_of_their_own(int pair)
    {
        Workload[] pods = [.. Own.Addresses().Select(resource => Decode(XdsTypes.Address, resource).Content).OfType<Workload>()];

        Assert.Contains(pods, pod => pod.Name == $"client-{pair}" && pod.Node == $"client-{pair}" && Holds(pod, AmbientPair.ClientPodOf(pair)));
        Assert.Contains(pods, pod => pod.Name == $"server-{pair}" && pod.Node == $"server-{pair}" && Holds(pod, AmbientPair.ServerPodOf(pair)));
        Assert.Equal(pods.Length, pods.SelectMany(pod => pod.Addresses).Distinct().Count());
    }

    [Fact]
    public void A_hundred_rules_stand_before_a_server_and_only_the_last_lets_the_client_in()
    {
        AuthorizationPolicy policy = Assert.IsType<AuthorizationPolicy>(Decode(XdsTypes.Authorization, OwnPods.Policy()).Content);
        Authorization message = Authorization.Parser.ParseFrom(OwnPods.Policy().Resource_.Value);
        string[] principals = [.. message.Rules.SelectMany(rule => rule.Clauses).SelectMany(clause => clause.Matches).Select(match => match.Principals.Single().Exact)];

        Assert.Equal("bench/hundred-rules", policy.Key.ToString());
        Assert.Equal(100, principals.Length);
        Assert.Equal([99], principals.Select((principal, index) => (principal, index)).Where(rule => rule.principal.EndsWith("/sa/client", StringComparison.Ordinal)).Select(rule => rule.index));
    }

    private static bool Holds(Workload pod, IPAddress address) => pod.Addresses.Single().ToString() == address.ToString();

    private static DecodedResource Decode(string typeUrl, Resource resource) =>
        new ResourceDecoder().Decode(typeUrl, ResourceEnvelope.Parse(new(resource.ToByteArray())));
}
