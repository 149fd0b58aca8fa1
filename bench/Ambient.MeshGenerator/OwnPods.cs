using System.Globalization;
using System.Net;
using Ambient.Xds;
using Ambient.Xds.Messages;
using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using Authorization = Ambient.Xds.Messages.Authorization;

namespace Ambient.MeshGenerator;

/// <summary>
/// The benchmark's own pods: a client and a server for each pair, on nodes of their own, numbered from 1 and at the addresses behind the given
/// ones. The server admits the client by the last of a hundred rules.
/// </summary>
internal sealed class OwnPods(IPAddress clientsBehind, IPAddress serversBehind, int pairs)
{
    private const string Namespace = "bench";
    private const string PolicyName = "hundred-rules";
    private const int PolicyRules = 100;

    public IEnumerable<Resource> Addresses() => Enumerable.Range(1, pairs).SelectMany(pair => (Resource[])
    [
        Pod("client", pair, clientsBehind, []),
        Pod("server", pair, serversBehind, [$"{Namespace}/{PolicyName}"]),
    ]);

    public static Resource Policy()
    {
        Authorization policy = new()
        {
            Name = PolicyName,
            Namespace = Namespace,
            Scope = AuthorizationScope.WorkloadSelector,
            Action = AuthorizationAction.Allow,
        };
        policy.Rules.AddRange(Enumerable.Range(1, PolicyRules).Select(rule => Rule(rule == PolicyRules ? "client" : $"someone-else-{rule}")));
        return new Resource
        {
            Name = $"{Namespace}/{PolicyName}",
            Version = "1",
            Resource_ = new Any { TypeUrl = XdsTypes.Authorization, Value = policy.ToByteString() },
        };
    }

    private static AuthorizationRule Rule(string account) => new()
    {
        Clauses =
        {
            new AuthorizationClause
            {
                Matches =
                {
                    new AuthorizationMatch { Principals = { new StringMatchMessage { Exact = $"cluster.local/ns/{Namespace}/sa/{account}" } } },
                },
            },
        },
    };

    private static Resource Pod(string side, int pair, IPAddress behind, string[] policies)
    {
        string name = string.Create(CultureInfo.InvariantCulture, $"{side}-{pair}");
        byte[] address = behind.GetAddressBytes();
        address[^1] += (byte)pair;
        WorkloadMessage pod = new()
        {
            Uid = $"bench//Pod/{Namespace}/{name}",
            Name = name,
            Namespace = Namespace,
            ServiceAccount = side,
            Node = name,
            WorkloadName = side,
            WorkloadType = WorkloadTypeValue.WorkloadTypeDeployment,
            CanonicalName = side,
            CanonicalRevision = "v1",
            ClusterId = "bench",
            Addresses = { ByteString.CopyFrom(address) },
            TunnelProtocol = TunnelProtocolValue.TunnelProtocolHbone,
        };
        pod.AuthorizationPolicies.AddRange(policies);
        return new Resource
        {
            Name = pod.Uid,
            Version = "1",
            Resource_ = new Any { TypeUrl = XdsTypes.Address, Value = new Address { Workload = pod }.ToByteString() },
        };
    }
}
