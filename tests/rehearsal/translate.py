"""Runs SAM's own translator: a line of {"template", "parameters"} in, a line of {"template"} or {"error"} out.

It runs under the Python that the SAM CLI is installed in.
"""

import json
import sys

from samtranslator.model.exceptions import InvalidDocumentException
from samtranslator.parser.parser import Parser
from samtranslator.translator.managed_policy_translator import ManagedPolicyLoader
from samtranslator.translator.translator import Translator


def translate(template, parameters):
    # No policy of this product is one of AWS's by name, so no client of IAM is needed.
    managed = ManagedPolicyLoader(None)
    managed._policy_map = {}
    try:
        return {"template": Translator({}, Parser()).translate(template, parameters)}
    except InvalidDocumentException as e:
        return {"error": "; ".join(str(cause.message) for cause in e.causes) or e.message}


for line in sys.stdin:
    print(json.dumps(translate(**json.loads(line))), flush=True)
