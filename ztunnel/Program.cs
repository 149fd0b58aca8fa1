using Ambient.Ztunnel;
using Ambient.Ztunnel.Admin;
using Ambient.Ztunnel.Configuration;
using Ambient.Ztunnel.Memory;
using Ambient.Ztunnel.Telemetry;

CommandLine command = CommandLine.Parse(args);
if (ProgramStart.Answer(command) is { } answered)
{
    return answered;
}

OptionsResult read = ProgramStart.ReadOptions(command);
if (read.Options is not { } options)
{
    return ProgramStart.Refuse(read.Errors);
}

using LogWriter writer = new(Console.OpenStandardOutput());
using LoggerProvider loggers = new(writer, options.Telemetry.LogFormat, options.Telemetry.LogFilter, TimeProvider.System);
ProgramStart.Print(options, loggers);
await using ZtunnelApp app = new(options, loggers, TimeProvider.System);
using IdleTrim trim = new(TimeProvider.System);
using StopSignals signals = new(app.AskToStop);
try
{
    await app.StartAsync(CancellationToken.None);
}
catch (StartException error)
{
    return ProgramStart.Fail(error);
}

int exitCode = await app.StopAsked;
await app.StopAsync();
return exitCode;
