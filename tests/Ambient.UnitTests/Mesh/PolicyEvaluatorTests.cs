using Ambient.Mesh.Identities;
using Ambient.Mesh.Policies;
using Ambient.Mesh.State;
using Ambient.Mesh.Workloads;
using Ambient.Testing.Mesh;
using FsCheck;
using FsCheck.Fluent;

namespace Ambient.UnitTests.Mesh;

public class PolicyEvaluatorTests
{
    private static readonly PolicyMatch Anyone = new() { SourceIps = [TestMesh.Prefix("0.0.0.0/0")] };
    private static readonly PolicyMatch Nobody = new() { DestinationPorts = [9999] };
    private static readonly PolicyMatch Empty = new();
    private static readonly Workload Web = TestMesh.Pod("web", "10.1.0.1");

    private static readonly AuthorizationRequest Request =
        new(TestMesh.Ip("10.0.0.1"), TestMesh.Ip("10.1.0.1"), 8080, new SpiffeId("cluster.local", "shop", "api"));

    [Fact]
    public void Without_policies_everything_is_allowed()
    {
        AuthorizationDecision decision = Evaluate();
        Assert.True(decision.IsAllowed);
        Assert.Null(decision.Error);
        Assert.Equal(["no allow policies, allow"], Texts(decision));
    }

    [Fact]
    public void A_policy_without_rules_never_matches()
    {
        AuthorizationPolicy empty = TestMesh.Policy("p", PolicyAction.Allow) with { Rules = [] };
        Assert.False(Evaluate(empty).IsAllowed);
        Assert.True(Evaluate(empty with { Action = PolicyAction.Deny }).IsAllowed);
    }

    [Fact]
    public void A_rule_without_clauses_and_a_clause_without_matches_hold()
    {
        AuthorizationPolicy policy = TestMesh.Policy("p", PolicyAction.Allow);
        Assert.True(policy.Matches(Request));
        Assert.True((policy with { Rules = [new PolicyRule([])] }).Matches(Request));
    }

    [Fact]
    public void An_empty_match_never_holds()
    {
        Assert.False(TestMesh.Policy("p", PolicyAction.Allow, Empty).Matches(Request));
        Assert.False(TestMesh.Policy("p", PolicyAction.Allow, Empty, Empty).Matches(Request));
        Assert.True(TestMesh.Policy("p", PolicyAction.Allow, Empty, Anyone).Matches(Request));
    }

    [Fact]
    public void Rules_are_ored_clauses_anded_matches_ored()
    {
        PolicyClause yes = new([Nobody, Anyone]);
        PolicyClause no = new([Nobody, Nobody]);
        AuthorizationPolicy policy = TestMesh.Policy("p", PolicyAction.Allow);
        Assert.True((policy with { Rules = [new PolicyRule([yes, yes])] }).Matches(Request));
        Assert.False((policy with { Rules = [new PolicyRule([yes, no])] }).Matches(Request));
        Assert.True((policy with { Rules = [new PolicyRule([no]), new PolicyRule([yes])] }).Matches(Request));
        Assert.False((policy with { Rules = [new PolicyRule([no]), new PolicyRule([yes, no])] }).Matches(Request));
    }

    [Fact]
    public void A_deny_that_matches_rejects_and_names_itself()
    {
        AuthorizationDecision decision = Evaluate(
            TestMesh.Policy("allow", PolicyAction.Allow, Anyone), TestMesh.Policy("deny", PolicyAction.Deny, Anyone));
        Assert.False(decision.IsAllowed);
        Assert.Equal("explicitly denied by: shop/deny", decision.Reason);
        Assert.Equal("connection closed due to policy rejection: explicitly denied by: shop/deny", decision.Error);
        Assert.Equal(new AuthorizationNote(AuthorizationEvent.DenyMatch, "shop/deny"), Assert.Single(decision.Notes));
        Assert.Equal("deny policy match", decision.Notes[0].Text);
    }

    [Fact]
    public void A_deny_that_does_not_match_allows() =>
        Assert.True(Evaluate(TestMesh.Policy("deny", PolicyAction.Deny, Nobody)).IsAllowed);

    [Fact]
    public void An_allow_that_matches_allows_and_names_itself()
    {
        AuthorizationDecision decision = Evaluate(
            TestMesh.Policy("a", PolicyAction.Allow, Nobody), TestMesh.Policy("b", PolicyAction.Allow, Anyone));
        Assert.True(decision.IsAllowed);
        Assert.Equal(new AuthorizationNote(AuthorizationEvent.AllowMatch, "shop/b"), Assert.Single(decision.Notes));
    }

    [Fact]
    public void Allow_policies_of_which_none_matches_reject()
    {
        AuthorizationDecision decision = Evaluate(TestMesh.Policy("a", PolicyAction.Allow, Nobody));
        Assert.Equal("connection closed due to policy rejection: allow policies exist, but none allowed", decision.Error);
        Assert.Equal(["no allow policies matched"], Texts(decision));
    }

    [Fact]
    public void A_dry_run_deny_is_reported_and_does_not_deny()
    {
        AuthorizationDecision decision = Evaluate(
            TestMesh.Policy("dry", PolicyAction.Deny, Anyone) with { DryRun = true }, TestMesh.Policy("a", PolicyAction.Allow, Anyone));
        Assert.True(decision.IsAllowed);
        Assert.Equal(["dry-run: deny policy match", "allow policy match"], Texts(decision));
        Assert.Equal("shop/dry", decision.Notes[0].Policy);
    }

    [Fact]
    public void A_dry_run_allow_neither_allows_nor_counts_as_an_allow_policy()
    {
        AuthorizationPolicy dry = TestMesh.Policy("dry", PolicyAction.Allow, Nobody) with { DryRun = true };
        AuthorizationDecision alone = Evaluate(dry);
        Assert.True(alone.IsAllowed);
        Assert.Equal(["dry-run: no allow policies match", "no allow policies, allow"], Texts(alone));

        AuthorizationDecision beside = Evaluate(
            TestMesh.Policy("dry", PolicyAction.Allow, Anyone) with { DryRun = true }, TestMesh.Policy("a", PolicyAction.Allow, Nobody));
        Assert.False(beside.IsAllowed);
        Assert.Equal(["dry-run: allow policy match", "no allow policies matched"], Texts(beside));
    }

    [Fact]
    public void An_enforced_deny_ends_before_dry_run_allows_are_looked_at()
    {
        AuthorizationDecision decision = Evaluate(
            TestMesh.Policy("dry", PolicyAction.Allow, Anyone) with { DryRun = true },
            TestMesh.Policy("drydeny", PolicyAction.Deny, Anyone) with { DryRun = true },
            TestMesh.Policy("deny", PolicyAction.Deny, Anyone));
        Assert.Equal(["dry-run: deny policy match", "deny policy match"], Texts(decision));
    }

    [Fact]
    public void Policies_apply_by_namespace_globally_or_by_name()
    {
        AuthorizationPolicy deny = TestMesh.Policy("deny", PolicyAction.Deny, Anyone);
        Assert.False(Evaluate(deny).IsAllowed);
        Assert.True(Evaluate(deny with { Namespace = "bank" }).IsAllowed);
        Assert.False(Evaluate(deny with { Namespace = "istio-system", Scope = PolicyScope.Global }).IsAllowed);

        AuthorizationPolicy selector = deny with { Namespace = "istio-system", Scope = PolicyScope.WorkloadSelector };
        Assert.True(Evaluate(selector).IsAllowed);
        MeshSnapshot snapshot = new TestMesh().With(selector).Snapshot();
        Workload selected = Web with { AuthorizationPolicies = ["istio-system/deny"] };
        Assert.False(PolicyEvaluator.Evaluate(snapshot, selected, Request).IsAllowed);
    }

    [Fact]
    public void A_named_policy_that_is_not_known_is_skipped_and_noted()
    {
        Workload selected = Web with { AuthorizationPolicies = ["shop/missing"] };
        AuthorizationDecision decision = PolicyEvaluator.Evaluate(MeshSnapshot.Empty, selected, Request);
        Assert.True(decision.IsAllowed);
        Assert.Equal(["skipping unknown policy shop/missing", "no allow policies, allow"], Texts(decision));
    }

    [Fact]
    public void Evaluation_uses_the_given_destination_workload_not_the_one_of_the_address()
    {
        MeshSnapshot snapshot = new TestMesh()
            .With(Web)
            .With(TestMesh.Policy("deny", PolicyAction.Deny, Anyone) with { Namespace = "other" })
            .Snapshot();
        Assert.True(PolicyEvaluator.Evaluate(snapshot, Web, Request).IsAllowed);
        Assert.False(PolicyEvaluator.Evaluate(snapshot, Web with { Namespace = "other" }, Request).IsAllowed);
    }

    [Fact]
    public void Strict_mode_rejects_plaintext_and_admits_any_identity()
    {
        AuthorizationPolicy strict = TestMesh.Policy(
            "istio_converted_static_strict", PolicyAction.Deny, new PolicyMatch { NotPrincipals = [StringMatch.Presence] });
        Assert.True(Evaluate(strict).IsAllowed);
        MeshSnapshot snapshot = new TestMesh().With(strict).Snapshot();
        AuthorizationRequest plaintext = new(Request.SourceIp, Request.DestinationIp, 8080, null);
        Assert.False(PolicyEvaluator.Evaluate(snapshot, Web, plaintext).IsAllowed);
    }

    [Fact]
    public void Whatever_the_policies_an_enforced_deny_that_matches_wins()
    {
        Prop.ForAll(PolicySets, policies =>
        {
            AuthorizationDecision decision = Evaluate([.. policies]);
            bool denied = policies.Any(policy => policy is { Action: PolicyAction.Deny, DryRun: false } && policy.Matches(Request));
            bool anyAllow = policies.Any(policy => policy is { Action: PolicyAction.Allow, DryRun: false });
            bool allowed = policies.Any(policy => policy is { Action: PolicyAction.Allow, DryRun: false } && policy.Matches(Request));
            return decision.IsAllowed == (!denied && (!anyAllow || allowed))
                && decision.IsAllowed == (decision.Reason is null);
        }).Check(Seeded.Config);
    }

    [Fact]
    public void Dry_run_policies_never_change_the_decision()
    {
        Prop.ForAll(PolicySets, policies =>
            Evaluate([.. policies]).IsAllowed == Evaluate([.. policies.Where(policy => !policy.DryRun)]).IsAllowed).Check(Seeded.Config);
    }

    private static Arbitrary<AuthorizationPolicy[]> PolicySets =>
        (from actions in Gen.Elements(PolicyAction.Allow, PolicyAction.Deny).ListOf(4)
         from matches in Gen.Elements(Anyone, Nobody, Empty).ListOf(4)
         from dryRuns in Gen.Elements(true, false).ListOf(4)
         from count in Gen.Choose(0, 4)
         select Enumerable.Range(0, count)
             .Select(index => TestMesh.Policy($"p{index}", actions[index], matches[index]) with { DryRun = dryRuns[index] })
             .ToArray()).ToArbitrary();

    private static AuthorizationDecision Evaluate(params AuthorizationPolicy[] policies) =>
        PolicyEvaluator.Evaluate(new TestMesh().With(policies).Snapshot(), Web, Request);

    private static IEnumerable<string> Texts(AuthorizationDecision decision) => decision.Notes.Select(note => note.Text);
}
