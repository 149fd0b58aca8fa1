using Ambient.Bench.Certificates;
using Ambient.Bench.Options;
using Ambient.Bench.Rig;

namespace Ambient.Bench.Systems;

/// <summary>Two ztunnels in dedicated mode: a mesh of two workloads from a file, certificates of a local root, nothing exported.</summary>
internal sealed class LeanAmbientPair(
    string name, int index, TlsSuite suite, BenchCertificates certificates, string program, bool tunnelPerConnection)
    : AmbientPair(name, index, suite, program, tunnelPerConnection)
{
    protected override string NamespaceOf(BenchRig rig, AmbientSide side) =>
        side == AmbientSide.Client ? rig.Network.ClientNamespace : rig.Network.ServerNamespace;

    protected override IReadOnlyDictionary<string, string> Surroundings(BenchRig rig, AmbientSide side) => new Dictionary<string, string>
    {
        ["PROXY_MODE"] = "dedicated",
        ["PROXY_WORKLOAD_INFO"] = $"{BenchCertificates.Namespace}/{AccountOf(side)}/{AccountOf(side)}",
        ["LOCAL_XDS_PATH"] = rig.WriteFile($"{FileName(AccountOf(side))}-mesh.yaml", MeshFile.Write(ClientPod, ServerPod)),
        ["XDS_ADDRESS"] = "",
        ["NODE_NAME"] = AccountOf(side),
        ["AMBIENT_LOCAL_ROOT"] = certificates.Folder,
        ["ISTIO_META_DNS_CAPTURE"] = "false",
    };
}
