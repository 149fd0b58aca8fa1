using System.Text.Json;
using Ambient.Kube.Resources;
using Ambient.Kube.Resources.Core;
using Ambient.Kube.Yaml;
using Ambient.Lab.ControlPlanes;
using Ambient.Lab.Specs;
using PodSpec = Ambient.Lab.Specs.PodSpec;
using ServiceSpec = Ambient.Lab.Specs.ServiceSpec;

namespace Ambient.UnitTests.Lab;

/// <summary>The objects of deploy/demo against the lab that runs them.</summary>
public sealed class DemoManifestsTests : IDisposable
{
    private static readonly LabSpec Spec = StoreLab.Build("demo");

    private readonly string _folder = Directory.CreateTempSubdirectory("ambient-manifests-").FullName;
    private readonly JsonElement[] _objects;

    public DemoManifestsTests()
    {
        DemoManifests.WriteTo(_folder);
        _objects = [.. Directory.GetFiles(_folder).SelectMany(file => YamlDocuments.ToJson(File.ReadAllText(file))).Select(json => JsonDocument.Parse(json).RootElement)];
    }

    [Fact]
    public void Every_pod_of_the_lab_is_there_with_its_node_account_and_labels()
    {
        Pod[] pods = [.. OfKind("Pod").Select(json => json.Deserialize(KubernetesResources.Pods.Json)!)];

        Assert.Equal(Spec.Pods.Select(pod => pod.Name).Order(StringComparer.Ordinal), pods.Select(pod => pod.Metadata.Name).Order(StringComparer.Ordinal));
        foreach (NodeSpec node in Spec.Nodes)
        {
            foreach (PodSpec planned in node.Pods)
            {
                Pod pod = pods.Single(pod => pod.Metadata.Name == planned.Name);
                Assert.Equal((planned.Namespace, node.Name, planned.ServiceAccount), (pod.Metadata.Namespace, pod.Spec.NodeName, pod.Spec.ServiceAccountName));
                Assert.All(planned.Labels, label => Assert.Equal(label.Value, pod.Metadata.Labels[label.Key]));
                Assert.Equal(planned.Enrolled, pod.Metadata.Labels.GetValueOrDefault("istio.io/dataplane-mode") != "none");
            }
        }
    }

    [Fact]
    public void Every_service_of_the_lab_is_there_with_its_selector_and_ports()
    {
        Service[] services = [.. OfKind("Service").Select(json => json.Deserialize(KubernetesResources.Services.Json)!)];

        Assert.Equal(Spec.Services.Count, services.Length);
        foreach (ServiceSpec planned in Spec.Services)
        {
            Service service = services.Single(service => service.Metadata.Name == planned.Name && service.Metadata.Namespace == planned.Namespace);
            Assert.Equal(planned.Selector.OrderBy(pair => pair.Key, StringComparer.Ordinal), service.Spec.Selector.OrderBy(pair => pair.Key, StringComparer.Ordinal));
            Assert.Equal(
                planned.Ports.Select(port => (port.Port, $"{port.TargetPort}")),
                service.Spec.Ports.Select(port => (port.Number, $"{port.TargetPort}")));
        }
    }

    [Fact]
    public void Every_account_that_a_pod_runs_as_is_there()
    {
        string[] accounts = [.. OfKind("ServiceAccount").Select(json => json.GetProperty("metadata").GetProperty("name").GetString()!)];

        Assert.Empty(Spec.Pods.Select(pod => pod.ServiceAccount).Except(accounts));
    }

    [Theory]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(25)]
    [InlineData(100)]
    public void Pods_that_stay_keep_their_places_when_a_service_is_scaled(int replicas)
    {
        LabSpec scaled = StoreLab.WithReplicas(Spec, replicas);

        Assert.Equal(replicas, StoreLab.ReplicasOf(scaled));
        Assert.All(Spec.Nodes.Zip(scaled.Nodes), nodes => Assert.Equal(
            nodes.First.Pods.Select(pod => pod.Name), nodes.Second.Pods.Take(nodes.First.Pods.Count).Select(pod => pod.Name)));
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private IEnumerable<JsonElement> OfKind(string kind) => _objects.Where(json => json.GetProperty("kind").GetString() == kind);
}
