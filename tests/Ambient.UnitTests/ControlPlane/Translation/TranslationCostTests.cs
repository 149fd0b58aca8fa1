using System.Collections.Immutable;
using Ambient.ControlPlane.Distribution;
using Ambient.ControlPlane.Translation;
using Ambient.Kube.Resources;
using Ambient.Kube.Resources.Core;

namespace Ambient.UnitTests.ControlPlane.Translation;

public sealed class TranslationCostTests
{
    private const int PodsOfAService = 10;
    private const int ServicesOfANamespace = 20;

    [Fact]
    public void A_change_of_one_pod_costs_the_same_in_a_mesh_ten_times_as_large()
    {
        long small = BytesForOnePod(Mesh(services: 40));
        long large = BytesForOnePod(Mesh(services: 400));

        Assert.True(large < small * 3 / 2, $"{small} bytes were allocated in the small mesh, {large} in the large one");
    }

    [Fact]
    public void A_change_of_a_service_reaches_its_own_pods_alone()
    {
        MeshTranslator translator = Mesh(services: 40);

        MeshChange change = translator.Apply([ObjectChange.Upsert(Service(7, targetPort: 9090))]).Mesh;

        Assert.Equal(PodsOfAService, change.Changed.Count(resource => resource.Key.Kind == ResourceKind.Workload));
        Assert.Equal(["ns-0/svc-7.ns-0.svc.cluster.local"], change.Changed.Where(resource => resource.Key.Kind == ResourceKind.Service).Select(resource => resource.Key.Name));
        Assert.Empty(change.Removed);
    }

    [Fact]
    public void What_changes_nothing_for_nodes_publishes_nothing()
    {
        MeshTranslator translator = Mesh(services: 40);
        Pod pod = Pod(3, ready: true);

        MeshChange change = translator.Apply([ObjectChange.Upsert(pod with { Metadata = pod.Metadata with { ResourceVersion = "99" } })]).Mesh;

        Assert.Empty(change.Changed);
        Assert.Empty(change.Removed);
    }

    private static long BytesForOnePod(MeshTranslator translator)
    {
        ObjectChange[] changes = [.. Enumerable.Range(0, 64).Select(count => ObjectChange.Upsert(Pod(3, ready: count % 2 == 1)))];
        foreach (ObjectChange change in changes)
        {
            Assert.Single(translator.Apply([change]).Mesh.Changed);
        }

        long before = GC.GetAllocatedBytesForCurrentThread();
        foreach (ObjectChange change in changes)
        {
            translator.Apply([change]);
        }

        return GC.GetAllocatedBytesForCurrentThread() - before;
    }

    private static MeshTranslator Mesh(int services)
    {
        MeshTranslator translator = new(new TranslationOptions());
        IEnumerable<ObjectChange> pods = Enumerable.Range(0, services * PodsOfAService).Select(pod => ObjectChange.Upsert(Pod(pod, ready: true)));
        IEnumerable<ObjectChange> all = Enumerable.Range(0, services).Select(service => ObjectChange.Upsert(Service(service, targetPort: 8080)));
        translator.Apply([.. all, .. pods]);
        return translator;
    }

    private static Service Service(int number, int targetPort) => new()
    {
        Metadata = new ObjectMeta { Namespace = $"ns-{number / ServicesOfANamespace}", Name = $"svc-{number}" },
        Spec = new ServiceSpec
        {
            ClusterIP = $"10.96.{number / 250}.{(number % 250) + 1}",
            Selector = ImmutableDictionary<string, string>.Empty.Add("app", $"svc-{number}"),
            Ports = [new ServicePort { Name = "http", Number = 80, TargetPort = targetPort }],
        },
    };

    private static Pod Pod(int number, bool ready)
    {
        int service = number / PodsOfAService;
        return new Pod
        {
            Metadata = new ObjectMeta
            {
                Namespace = $"ns-{service / ServicesOfANamespace}",
                Name = $"svc-{service}-{number}",
                Labels = ImmutableDictionary<string, string>.Empty.Add("app", $"svc-{service}").Add("team", "one"),
            },
            Spec = new PodSpec { NodeName = "n1" },
            Status = new PodStatus
            {
                PodIP = $"10.0.{number / 250}.{(number % 250) + 1}",
                Conditions = [new Condition { Type = "Ready", Status = ready ? "True" : "False" }],
            },
        };
    }
}
