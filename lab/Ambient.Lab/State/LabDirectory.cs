using Ambient.Lab.Plans;
using Ambient.Lab.Specs;

namespace Ambient.Lab.State;

/// <summary>The files of one lab, all below one directory.</summary>
public sealed class LabDirectory(string root, string name)
{
    public const string Variable = "AMBIENT_LAB_DIRECTORY";

    /// <summary>Where labs are kept: the environment's choice, /run for root, else the user's runtime directory.</summary>
    public static string DefaultRoot { get; } = Environment.GetEnvironmentVariable(Variable) is { Length: > 0 } chosen
        ? System.IO.Path.GetFullPath(chosen)
        : System.IO.Path.Combine(RuntimeDirectory(), "ambient", "lab");

    public string Root => root;

    public string Name => name;

    /// <exception cref="LabException">Thrown by the constructor: the name could lead out of the root.</exception>
    public string Path { get; } = LabName.FindFault("lab", name, LabPlan.MaxLabNameLength) is { } fault
        ? throw new LabException(fault, "Choose another --name.")
        : System.IO.Path.Combine(root, name);

    public string StateFile => System.IO.Path.Combine(Path, "state.json");

    /// <summary>Held open by the one measurement that may run.</summary>
    public string BenchLock => System.IO.Path.Combine(Path, "bench.lock");

    /// <summary>What the nodes of a network know of the mesh.</summary>
    public string MeshFileOf(string network) => network.Length == 0 ? MeshFile : System.IO.Path.Combine(Path, $"mesh-{network}.yaml");

    public string MeshFile => System.IO.Path.Combine(Path, "mesh.yaml");

    public string RootCertificates => System.IO.Path.Combine(Path, "root");

    /// <summary>Certificates that are no longer valid. It is there once one is revoked.</summary>
    public string RevocationList => System.IO.Path.Combine(Path, "crl", "ca-crl.pem");

    /// <summary>What the API server holds from the start and follows: YAML of Kubernetes objects.</summary>
    public string Manifests => System.IO.Path.Combine(Path, "manifests");

    /// <summary>Authorization that the demo and the tests put in force and take away, among the manifests.</summary>
    public string PolicyManifest => System.IO.Path.Combine(Manifests, "policies.yaml");

    /// <summary>For kubectl inside the control plane's namespace.</summary>
    public string Kubeconfig => System.IO.Path.Combine(Path, "kubeconfig");

    public string ApiServerLog => System.IO.Path.Combine(Path, "api-server.log");

    public string ControlPlaneLog => System.IO.Path.Combine(Path, "control-plane.log");

    /// <summary>Of the control plane's TLS port.</summary>
    public string ServerCertificate => System.IO.Path.Combine(Path, "control-plane-cert.pem");

    public string ServerKey => System.IO.Path.Combine(Path, "control-plane-key.pem");

    /// <summary>What the ztunnels of a node show the control plane.</summary>
    public string Token(string node) => System.IO.Path.Combine(Path, $"token-{node}");

    public string PodList(string node) => System.IO.Path.Combine(Path, $"pods-{node}.yaml");

    /// <summary>Where the node agent listens. A socket's path has at most 107 bytes.</summary>
    public string AgentSocket(string node) => System.IO.Path.Combine(Path, $"zds-{node}.sock");

    public string AgentLog(string node) => System.IO.Path.Combine(Path, $"agent-{node}.log");

    public string ZtunnelLog(string node) => System.IO.Path.Combine(Path, $"ztunnel-{node}.log");

    /// <summary>Of the ztunnel that a network gateway has for itself.</summary>
    public string GatewayLog(string pod) => System.IO.Path.Combine(PodDirectory(pod), "ztunnel.log");

    public string PodDirectory(string pod) => System.IO.Path.Combine(Path, "pods", pod);

    public string PodLog(string pod) => System.IO.Path.Combine(PodDirectory(pod), "output.log");

    private static string RuntimeDirectory() =>
        !Environment.IsPrivilegedProcess && Environment.GetEnvironmentVariable("XDG_RUNTIME_DIR") is { Length: > 0 } own ? own : "/run";
}
