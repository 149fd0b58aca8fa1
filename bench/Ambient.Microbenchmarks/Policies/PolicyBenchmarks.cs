using Ambient.Mesh.Identities;
using Ambient.Mesh.Policies;
using Ambient.Mesh.State;
using Ambient.Mesh.Workloads;
using Ambient.Testing.Mesh;
using BenchmarkDotNet.Attributes;
using static Ambient.Testing.Mesh.TestMesh;

namespace Ambient.Microbenchmarks.Policies;

/// <summary>One judgement by all policies of a namespace, of which at most the last one matches.</summary>
[MemoryDiagnoser]
public class PolicyBenchmarks
{
    private const ushort ClosedPort = 9_999;
    private const ushort OpenPort = 8_080;

    private readonly Workload _guarded = Pod("web", "10.1.0.1");
    private readonly Workload _elsewhere = Pod("web", "10.1.0.1") with { Namespace = "elsewhere" };
    private readonly AuthorizationRequest _allowed = Request(OpenPort);
    private readonly AuthorizationRequest _refused = Request(ClosedPort);
    private MeshSnapshot _snapshot = null!;

    [Params(1, 100, 10_000)]
    public int Policies { get; set; }

    [GlobalSetup]
    public void Setup()
    {
        AuthorizationPolicy[] policies = new AuthorizationPolicy[Policies];
        for (int i = 0; i < Policies - 1; i++)
        {
            policies[i] = Policy($"p{i}", PolicyAction.Allow, new PolicyMatch { Principals = [StringMatch.Exact($"cluster.local/ns/shop/sa/caller-{i}")] });
        }

        policies[^1] = Policy("last", PolicyAction.Allow, new PolicyMatch { DestinationPorts = [OpenPort] });
        _snapshot = new TestMesh().With(policies).Snapshot();
    }

    [Benchmark]
    public object AllowedByLast() => Judge(_guarded, _allowed, isAllowed: true);

    [Benchmark]
    public object AllowedByNone() => Judge(_guarded, _refused, isAllowed: false);

    /// <summary>As many policies, none of them for the workload.</summary>
    [Benchmark]
    public object WithoutPolicies() => Judge(_elsewhere, _allowed, isAllowed: true);

    private AuthorizationDecision Judge(Workload destination, AuthorizationRequest request, bool isAllowed)
    {
        AuthorizationDecision decision = PolicyEvaluator.Evaluate(_snapshot, destination, request);
        return decision.IsAllowed == isAllowed ? decision : throw new InvalidOperationException(decision.Reason);
    }

    private static AuthorizationRequest Request(ushort port) =>
        new(Ip("10.0.0.1"), Ip("10.1.0.1"), port, new SpiffeId(TrustDomain, Namespace, "client"));
}
