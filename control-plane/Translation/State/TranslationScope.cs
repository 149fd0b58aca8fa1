using Ambient.ControlPlane.Translation.Reports;

namespace Ambient.ControlPlane.Translation.State;

/// <summary>What every step of a translation works on.</summary>
internal sealed class TranslationScope(TranslationOptions options)
{
    public TranslationOptions Options { get; } = options;

    public MeshState State { get; } = new() { Network = options.DefaultNetwork };

    public PendingWork Pending { get; } = new();

    public PublishedResources Published { get; } = new();

    public ReportBook Reports { get; } = new();

    public NamespaceState? Root => State.FindHome(Options.RootNamespace);
}
