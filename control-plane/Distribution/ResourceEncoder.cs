using System.Collections.Immutable;
using System.Globalization;
using System.Net;
using System.Security.Cryptography;
using Ambient.Xds;
using Ambient.Xds.Messages;
using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using Authorization = Ambient.Xds.Messages.Authorization;

namespace Ambient.ControlPlane.Distribution;

/// <summary>Turns what translation made into bytes that are sent as they are, however many nodes take them.</summary>
public static class ResourceEncoder
{
    private const int VersionBytes = 8;

    /// <exception cref="ArgumentException">The message is not of the kind that the key says.</exception>
    public static EncodedResource Encode(MeshResource resource) => (resource.Key.Kind, resource.Message) switch
    {
        (ResourceKind.Workload, WorkloadMessage workload) => Encode(resource.Key.Name, new Address { Workload = workload }) with
        {
            Aliases = [.. workload.Addresses.Select(address => Alias(workload.Network, address, length: null))],
            Services = [.. workload.Services.Keys],
            Node = string.Intern(workload.Node),
        },
        (ResourceKind.Service, ServiceMessage service) => Encode(resource.Key.Name, new Address { Service = service }) with
        {
            Aliases = [.. service.Addresses.Select(address => Alias(address.Network, address.Address, address.HasLength ? address.Length : null))],
        },
        (ResourceKind.Authorization, Authorization policy) => Encode(resource.Key.Name, XdsTypes.Authorization, policy),
        _ => throw new ArgumentException($"{resource.Key} holds a {resource.Message.Descriptor.Name}", nameof(resource)),
    };

    /// <summary><c>network/ip</c>, and <c>network/ip/length</c> for a range (control-plane-and-cni 5.3).</summary>
    private static string Alias(string network, ByteString address, uint? length)
    {
        string text = address.Length is 4 or 16 ? new IPAddress(address.Span).ToString() : string.Empty;
        return length is { } bits
            ? string.Create(CultureInfo.InvariantCulture, $"{network}/{text}/{bits}")
            : $"{network}/{text}";
    }

    private static EncodedResource Encode(string name, Address address) => Encode(name, XdsTypes.Address, address);

    private static EncodedResource Encode(string name, string typeUrl, IMessage message)
    {
        ByteString payload = message.ToByteString();
        string version = Convert.ToHexStringLower(SHA256.HashData(payload.Span).AsSpan(0, VersionBytes));
        Resource envelope = new() { Name = name, Version = version, Resource_ = new Any { TypeUrl = typeUrl, Value = payload } };
        return new EncodedResource
        {
            Version = version,
            Body = envelope.ToByteArray(),
            Aliases = ImmutableArray<string>.Empty,
            Services = ImmutableArray<string>.Empty,
            Node = string.Empty,
        };
    }
}
