using Ambient.Lab.Workloads;

namespace Ambient.Lab.Specs;

/// <summary>
/// The default lab under a control plane, with one more service, whose pods are spread over both nodes and can become more and fewer. Its
/// objects are those of deploy/demo.
/// </summary>
public static class StoreLab
{
    public const string Store = "store";
    public const int MinReplicas = 3;
    public const int MaxReplicas = 100;

    public static LabSpec Build(string name) => WithReplicas(
        DefaultLab.Build(name) with
        {
            HasControlPlane = true,
            Services = [.. DefaultLab.Build(name).Services, Service],
        },
        MinReplicas);

    /// <summary>The same lab with so many pods behind the service. Those that stay keep their names and addresses.</summary>
    public static LabSpec WithReplicas(LabSpec lab, int replicas) => lab with
    {
        Nodes = [.. lab.Nodes.Select((node, index) => node with
        {
            Pods =
            [
                .. node.Pods.Where(pod => !Service.Selects(pod)),
                .. Enumerable.Range(0, replicas).Where(number => number % lab.Nodes.Count == index).Select(BuildPod),
            ],
        })],
    };

    public static int ReplicasOf(LabSpec lab) => lab.Pods.Count(Service.Selects);

    private static ServiceSpec Service { get; } =
        new(Store, DefaultLab.Namespace, [new ServicePort(DefaultLab.ServicePort, DefaultLab.WebPort)]) { Selector = Labels };

    private static Dictionary<string, string> Labels => new(StringComparer.Ordinal) { ["app"] = Store };

    private static PodSpec BuildPod(int number)
    {
        string name = $"{Store}-{number}";
        return new PodSpec(name, DefaultLab.Namespace, Store) { Labels = Labels, Workload = new NginxWorkload(name, DefaultLab.WebPort) };
    }
}
