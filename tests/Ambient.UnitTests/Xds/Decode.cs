using System.Buffers;
using Ambient.Mesh.State;
using Ambient.Testing.Xds;
using Ambient.Xds;
using Ambient.Xds.Decoding;
using Ambient.Xds.Messages;
using Ambient.Xds.Protocol;
using Google.Protobuf;

namespace Ambient.UnitTests.Xds;

/// <summary>Resources to decoded resources, and responses to snapshots.</summary>
internal static class Decode
{
    public static DecodedResource One(string typeUrl, params Resource[] resources) => Response(typeUrl, resources).Resources[0];

    public static DecodedResource Workload(WorkloadMessage workload) => One(XdsTypes.Address, ScriptedStream.Workload(workload));

    public static DecodedResource Service(ServiceMessage service) => One(XdsTypes.Address, ScriptedStream.Service(service));

    public static DecodedResource Policy(Authorization policy) => One(XdsTypes.Authorization, ScriptedStream.Policy(policy));

    public static DeltaResponse Response(string typeUrl, IEnumerable<Resource> resources, params string[] removed)
    {
        DeltaDiscoveryResponse response = new() { TypeUrl = typeUrl, Nonce = "n" };
        response.Resources.AddRange(resources);
        response.RemovedResources.AddRange(removed);
        return DeltaResponse.Parse(new ReadOnlySequence<byte>(response.ToByteArray()), new ResourceDecoder());
    }

    public static string? Apply(MeshStore store, IEnumerable<Resource> resources, params string[] removed) =>
        new ResponseApplier(store).Apply(Response(XdsTypes.Address, resources, removed), new SubscribedType(XdsTypes.Address, false));
}
