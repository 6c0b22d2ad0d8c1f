using System.Globalization;
using ActorFlow.Core.Expressions.Parsing;
using Jint;
using Jint.Constraints;
using Jint.Native;
using Jint.Runtime;
using Jint.Runtime.Interop;

namespace ActorFlow.Core.Expressions.Sandboxing;

/// <summary>Makes the engine that expressions run in: strict, without .NET, within all limits.</summary>
internal static class SandboxEngine
{
    private static readonly Options Options = Limited();

    public static Engine Create()
    {
        var engine = new Engine(Options);
        engine.Constraints.Find<OperationDeadlineConstraint>()!.Begin(ExpressionLimits.Time);
        engine.SetValue(CheckedSource.Check, new ClrFunction(engine, CheckedSource.Check, (_, arguments) =>
        {
            engine.Constraints.Check();
            return arguments.At(0);
        }));
        engine.SetValue(CheckedSource.Spread, new ClrFunction(engine, CheckedSource.Spread, static (_, arguments) =>
            arguments.At(0) is JsString ? throw new ValueException("a string is spread into an object") : arguments.At(0)));
        return engine;
    }

    private static Options Limited()
    {
        var options = new Options { Strict = true, Culture = CultureInfo.InvariantCulture, TimeZone = TimeZoneInfo.Utc };
        options.Constraints.StackOverflowGuard = true;
        options.Host.StringCompilationAllowed = false;
        options.Json.MaxParseDepth = ExpressionLimits.ResultDepth;
        options.Constraints.MaxArraySize = ExpressionLimits.ArrayLength;
        options.Constraints.RegexTimeout = ExpressionLimits.RegexTime;
        return options
            .LimitRecursion(ExpressionLimits.Recursion)
            .MaxStatements(ExpressionLimits.Statements)
            .LimitMemory(ExpressionLimits.Memory)
            .Constraint(static () => new OperationDeadlineConstraint());
    }
}
