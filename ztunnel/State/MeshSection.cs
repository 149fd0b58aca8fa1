using System.Text.Json;
using Ambient.Mesh.Dump;
using Ambient.Mesh.State;
using Ambient.Ztunnel.Admin;

namespace Ambient.Ztunnel.State;

/// <summary>The mesh's keys of <c>/config_dump</c>, all from one snapshot (node-proxy 9.6).</summary>
internal sealed class MeshSection(MeshStore store, LocalMeshSource source) : IDumpSection
{
    public void WriteTo(Utf8JsonWriter json)
    {
        MeshSnapshot snapshot = store.Current;
        json.WritePropertyName("workloads");
        MeshDump.WriteWorkloads(json, snapshot);
        json.WritePropertyName("services");
        MeshDump.WriteServices(json, snapshot);
        json.WritePropertyName("policies");
        MeshDump.WritePolicies(json, snapshot);
        json.WritePropertyName("stagedServices");
        MeshDump.WriteStagedServices(json, snapshot);
        json.WritePropertyName("staticConfig");
        MeshDump.WriteStaticConfig(json, source.Configuration);
    }
}
