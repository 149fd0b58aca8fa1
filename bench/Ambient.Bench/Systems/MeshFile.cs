using System.Net;
using System.Text;
using Ambient.Bench.Certificates;

namespace Ambient.Bench.Systems;

/// <summary>The mesh of the benchmark in the local-file format (node-proxy 9.9): a client, a server, and a policy whose hundredth rule lets the client in.</summary>
internal static class MeshFile
{
    public const int PolicyRules = 100;
    private const string PolicyName = "hundred-rules";

    public static string Write(IPAddress clientPod, IPAddress serverPod)
    {
        StringBuilder text = new("workloads:\n");
        AppendWorkload(text, BenchCertificates.ClientAccount, clientPod, policies: "");
        AppendWorkload(text, BenchCertificates.ServerAccount, serverPod, $"\"{BenchCertificates.Namespace}/{PolicyName}\"");
        text.Append("services: []\npolicies:\n")
            .Append($"  - name: {PolicyName}\n    namespace: {BenchCertificates.Namespace}\n    scope: WorkloadSelector\n    action: Allow\n    dryRun: false\n    rules:\n");
        for (int rule = 1; rule <= PolicyRules; rule++)
        {
            string account = rule == PolicyRules ? BenchCertificates.ClientAccount : $"someone-else-{rule}";
            text.Append($"      - - - principals: [{{ Exact: {BenchCertificates.TrustDomain}/ns/{BenchCertificates.Namespace}/sa/{account} }}]\n");
        }

        return text.ToString();
    }

    private static void AppendWorkload(StringBuilder text, string account, IPAddress pod, string policies) => text.Append($"""
          - uid: bench//Pod/{BenchCertificates.Namespace}/{account}
            name: {account}
            namespace: {BenchCertificates.Namespace}
            trustDomain: {BenchCertificates.TrustDomain}
            serviceAccount: {account}
            clusterId: bench
            node: {account}
            network: ""
            protocol: HBONE
            workloadIps: ["{pod}"]
            workloadName: {account}
            workloadType: deployment
            canonicalName: {account}
            canonicalRevision: v1
            authorizationPolicies: [{policies}]
            services: {"{}"}

        """);
}
