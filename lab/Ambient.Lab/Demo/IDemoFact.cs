using Ambient.Lab.Demo.Stages;

namespace Ambient.Lab.Demo;

/// <summary>One of the ten facts. Leaves the stage as it found it: no policies, both ztunnels running.</summary>
internal interface IDemoFact
{
    string Title { get; }

    /// <summary>Lines in the order of the checks, each as soon as it is known.</summary>
    IAsyncEnumerable<FactLine> CheckAsync(IDemoStage stage, CancellationToken cancellationToken);
}
