using System.Runtime.CompilerServices;
using Ambient.Lab.Demo.Stages;
using Ambient.Lab.Observation;
using Ambient.Lab.Plans;
using Ambient.Lab.Programs;
using Ambient.Lab.Specs;
using Ambient.Redirection.Commands;

namespace Ambient.Lab.Demo.Facts;

/// <summary>A policy applied by kubectl is in force on all nodes within a second, as ambientctl says and as traffic shows.</summary>
internal sealed class AppliedPolicyFact(double promptSeconds) : IDemoFact
{
    private const string Policy = "deny-curl";

    private static readonly ProgramRunner Programs = new();
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    public string Title => "10 kubectl apply";

    public async IAsyncEnumerable<FactLine> CheckAsync(IDemoStage stage, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        if (stage.Lab is not { Plan.ControlPlane: { } control } lab)
        {
            yield return FactLine.NotHere($"{Title}: in force on all nodes", "the lab's control plane has a namespace, which needs root");
            yield break;
        }

        var curl = new Curl(stage.ClientNamespace);
        string url = stage.Targets[0].BaseUrl;
        string file = Path.Combine(lab.Directory.Path, $"{Policy}.yaml");
        await File.WriteAllTextAsync(file, Render(), cancellationToken);

        long begin = TimeProvider.System.GetTimestamp();
        ProgramResult applied = await KubectlAsync(lab, control, ["apply", "-f", file], cancellationToken);
        double applying = TimeProvider.System.GetElapsedTime(begin).TotalSeconds;
        ProgramResult waited = await Programs.RunAsync(
            new ProgramCommand(OwnProgram.Path, "wait", $"authorizationpolicy/{Policy}", "-n", DefaultLab.Namespace, "--timeout", "10") { NetworkNamespace = control.NamespacePath },
            cancellationToken);
        double seconds = TimeProvider.System.GetElapsedTime(begin).TotalSeconds;
        CurlResult refused = await curl.GetAsync(url, cancellationToken);
        string nodes = $"live on {lab.Plan.Nodes.Count} of {lab.Plan.Nodes.Count}";
        yield return FactLine.Of(
            applied.Succeeded && waited.Succeeded && waited.StandardOutput.Contains(nodes, StringComparison.Ordinal) && seconds - applying < promptSeconds,
            $"{Title}: in force on all nodes",
            $"{FirstLine(applied)}, {applying:0.00} s; {FirstLine(waited)}, {seconds - applying:0.00} s later");
        yield return FactLine.Of(!refused.Succeeded, $"{Title}: what it denies is refused", $"{refused}");

        begin = TimeProvider.System.GetTimestamp();
        ProgramResult deleted = await KubectlAsync(lab, control, ["delete", "-f", file], cancellationToken);
        (CurlResult again, double after) = await curl.PollAsync(url, begin, result => result.Succeeded, Patience, cancellationToken);
        yield return FactLine.Of(deleted.Succeeded && again.Succeeded, $"{Title}: deleted, it lets through again", $"{FirstLine(deleted)}; {again}, {after:0.00} s after kubectl began");
    }

    private static Task<ProgramResult> KubectlAsync(RunningLab lab, ControlPlanePlan control, IReadOnlyList<string> words, CancellationToken cancellationToken)
    {
        string cache = Path.Combine(lab.Directory.Path, "kubectl-cache");
        return Programs.RunAsync(
            new ProgramCommand("kubectl", ["--kubeconfig", lab.Directory.Kubeconfig, "--cache-dir", cache, .. words]) { NetworkNamespace = control.NamespacePath }, cancellationToken);
    }

    private static string FirstLine(ProgramResult result) =>
        (result.Succeeded ? result.StandardOutput : $"exit {result.ExitCode}: {result.StandardError}{result.StandardOutput}").Trim().Split('\n')[^1];

    private static string Render() =>
        $$"""
        apiVersion: security.istio.io/v1
        kind: AuthorizationPolicy
        metadata: { name: {{Policy}}, namespace: {{DefaultLab.Namespace}} }
        spec:
          selector: { matchLabels: { app: {{DefaultLab.Web}} } }
          action: DENY
          rules:
          - from:
            - source: { principals: ["{{LabSpec.TrustDomain}}/ns/{{DefaultLab.Namespace}}/sa/{{DefaultLab.Curl}}"] }

        """;
}
