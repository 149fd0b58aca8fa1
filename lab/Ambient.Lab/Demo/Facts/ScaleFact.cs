using System.Net;
using System.Runtime.CompilerServices;
using Ambient.Lab.Demo.Stages;
using Ambient.Lab.Scaling;
using Ambient.Lab.Specs;

namespace Ambient.Lab.Demo.Facts;

/// <summary>A service gets many more endpoints under load and loses them again, and no request fails.</summary>
internal sealed class ScaleFact : IDemoFact
{
    private const int Many = 25;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    public string Title => "9 scale";

    public async IAsyncEnumerable<FactLine> CheckAsync(IDemoStage stage, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        if (stage.Lab is not { ControlPlane: not null } lab)
        {
            yield return FactLine.NotHere($"{Title}: {StoreLab.MinReplicas} to {Many} endpoints and back", "pods come and go as namespaces, which needs root");
            yield break;
        }

        LabScale scale = LabScale.Of(lab);
        ServiceSpec service = lab.Plan.Spec.Services.First(service => service.Name == StoreLab.Store);
        var visits = new StoreVisits(stage.ClientNamespace, new IPEndPoint(lab.Plan.ServiceAddress(service, ipv6: false), DefaultLab.ServicePort));
        Task running = visits.RunAsync(cancellationToken);
        try
        {
            int first = await visits.SeeServersAsync(StoreLab.MinReplicas, Patience, cancellationToken);
            long begin = TimeProvider.System.GetTimestamp();
            await scale.RunAsync(Many, cancellationToken);
            double up = TimeProvider.System.GetElapsedTime(begin).TotalSeconds;
            int most = await visits.SeeServersAsync(Many, Patience, cancellationToken);
            begin = TimeProvider.System.GetTimestamp();
            await scale.RunAsync(StoreLab.MinReplicas, cancellationToken);
            double down = TimeProvider.System.GetElapsedTime(begin).TotalSeconds;
            int last = await visits.SeeServersAsync(StoreLab.MinReplicas, Patience, cancellationToken);
            visits.Stop();
            await running;
            yield return FactLine.Of(
                first == StoreLab.MinReplicas && most == Many && last == StoreLab.MinReplicas,
                $"{Title}: {StoreLab.MinReplicas} to {Many} endpoints and back",
                $"{first}, {most} and {last} pods answered; up in {up:0.0} s, down in {down:0.0} s");
            yield return FactLine.Of(
                visits.Answered == visits.Made && visits.Made > 0,
                $"{Title}: no request fails",
                $"{visits.Answered} of {visits.Made} requests answered{(visits.FirstError.Length > 0 ? $"; first error: {visits.FirstError}" : "")}");
        }
        finally
        {
            visits.Stop();
        }
    }
}
