using Ambient.Lab.Workloads;

namespace Ambient.Lab.Specs;

/// <summary>The lab of <c>ambientctl lab up</c>: two nodes, callers on the first, servers on the second, and one of each that is not enrolled.</summary>
public static class DefaultLab
{
    public const string NodeA = "node-a";
    public const string NodeB = "node-b";
    public const string Namespace = "demo";
    public const string Curl = "curl";
    public const string Legacy = "legacy";
    public const string Web = "web";
    public const string Echo = "echo";
    public const string LegacyWeb = "legacy-web";
    public const int WebPort = 8080;
    public const int ServicePort = 80;
    public const int EchoPort = 9000;

    public static LabSpec Build(string name) => new(name, [BuildNodeA(), BuildNodeB()], [WebService, EchoService], []);

    private static ServiceSpec WebService => new(Web, Namespace, [new ServicePort(ServicePort, WebPort)]) { Selector = App(Web) };

    private static ServiceSpec EchoService => new(Echo, Namespace, [new ServicePort(EchoPort, EchoPort)]) { Selector = App(Echo) };

    private static NodeSpec BuildNodeA() => new(
        NodeA,
        [
            new PodSpec(Curl, Namespace, Curl) { Labels = App(Curl) },
            new PodSpec(Legacy, Namespace, Legacy) { Labels = App(Legacy), Enrolled = false },
        ]);

    private static NodeSpec BuildNodeB() => new(
        NodeB,
        [
            new PodSpec(Web, Namespace, Web) { Labels = App(Web), Workload = new NginxWorkload(Web, WebPort) },
            new PodSpec(Echo, Namespace, Echo) { Labels = App(Echo), Workload = new EchoWorkload(EchoPort) },
            new PodSpec(LegacyWeb, Namespace, Legacy) { Labels = App(LegacyWeb), Enrolled = false, Workload = new NginxWorkload(LegacyWeb, WebPort) },
        ]);

    private static Dictionary<string, string> App(string name) => new(StringComparer.Ordinal) { ["app"] = name };
}
