using Ambient.Microbenchmarks;
using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Jobs;
using BenchmarkDotNet.Running;
using BenchmarkDotNet.Toolchains.InProcess.NoEmit;

// In this process: the repository pins its packages and its output folders, which the generated projects of the other toolchains do not know.
IConfig config = DefaultConfig.Instance
    .AddJob(Job.ShortRun.WithToolchain(InProcessNoEmitToolchain.Instance))
    .WithArtifactsPath(Path.Combine(Path.GetTempPath(), "ambient-microbenchmarks"));
BenchmarkSwitcher.FromAssembly(typeof(PinnedBytes).Assembly).Run(args, config);
