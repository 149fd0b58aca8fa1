using Ambient.Mesh.Policies;
using Ambient.Mesh.Workloads;
using Ambient.Xds.Messages;
using Google.Protobuf;

namespace Ambient.Xds.Decoding;

/// <summary>Makes mesh objects of resources. One bad resource is refused with its reason and harms no other (node-proxy 3.4).</summary>
public sealed class ResourceDecoder
{
    private readonly WorkloadDecoder _workloads;
    private readonly ServiceDecoder _services;

    public ResourceDecoder()
    {
        Interning interning = new();
        GatewayDecoder gateways = new(interning);
        _workloads = new WorkloadDecoder(interning, gateways);
        _services = new ServiceDecoder(interning, gateways);
    }

    public DecodedResource Decode(string typeUrl, in ResourceEnvelope envelope)
    {
        try
        {
            string? remark = null;
            object? content = typeUrl switch
            {
                XdsTypes.Address => DecodeAddress(Address.Parser.ParseFrom(envelope.Payload)),
                XdsTypes.Authorization => DecodePolicy(Authorization.Parser.ParseFrom(envelope.Payload), out remark),
                _ => null,
            };

            // A workload's resource is named by its uid: one string serves both.
            string name = content is Workload workload && workload.Uid == envelope.Name ? workload.Uid : envelope.Name;
            return new DecodedResource(name, envelope.Version, content, null, remark);
        }
        catch (Exception error) when (error is InvalidResourceException or InvalidProtocolBufferException)
        {
            return new DecodedResource(envelope.Name, envelope.Version, null, error.Message);
        }
    }

    private object DecodeAddress(Address address) => address.TypeCase switch
    {
        Address.TypeOneofCase.Workload => _workloads.Decode(address.Workload),
        Address.TypeOneofCase.Service => _services.Decode(address.Service),
        _ => throw new InvalidResourceException("unknown address type"),
    };

    private static AuthorizationPolicy DecodePolicy(Authorization message, out string? remark)
    {
        PolicyDecoder decoder = new();
        AuthorizationPolicy policy = decoder.Decode(message);
        remark = decoder.Remark;
        return policy;
    }
}
